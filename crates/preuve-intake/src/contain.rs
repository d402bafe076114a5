//! Keeps a panic inside a library that parses hostile bytes from ending the program.
//!
//! Only calls into other people's parsers go through here: the HTML, PDF and archive libraries. They work on
//! borrowed or own data and leave nothing half-made behind: what they were making is dropped with the panic.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// What `parse` returns, `None` where it panicked.
pub(crate) fn contain<T>(parse: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(parse)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_nothing() {
        assert_eq!(contain(|| 7), Some(7));
        let unwound: Option<()> = contain(|| std::panic::resume_unwind(Box::new("as a library would")));
        assert_eq!(unwound, None);
    }
}
