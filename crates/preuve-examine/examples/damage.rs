//! Prints the signs of damage of each file given: `damage LANG FILE…`.

#![allow(clippy::print_stdout, reason = "an example prints")]

fn main() {
    let mut arguments = std::env::args().skip(1);
    let lang = preuve_case::Lang::from_tag(&arguments.next().unwrap_or_default());
    for path in arguments {
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let chars: Vec<char> = text.chars().collect();
        for sign in preuve_examine::lineage::detect_damage(&text, lang) {
            let span = sign.spans[0];
            let words: String = chars[span.start..span.end].iter().collect();
            println!("{path}\t{}\t{words}\t{}", sign.name, sign.note);
        }
    }
}
