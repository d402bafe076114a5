//! What a page draws, as letters with their places; shapes and images are only counted.

use hayro_interpret::font::{Glyph as FontGlyph, GlyphRun};
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::kurbo::{Affine, BezPath, Point, Rect};
use hayro_interpret::{BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, SoftMask};

/// One letter (or ligature) and its place: units of the page, y downwards, along the direction it is written.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Glyph {
    pub(super) text: String,
    /// Start along the line.
    pub(super) x: f64,
    /// End along the line.
    pub(super) end: f64,
    /// Baseline, across the line.
    pub(super) y: f64,
    /// Font size.
    pub(super) size: f64,
    /// Direction of writing in degrees.
    pub(super) angle: i32,
}

/// A device that keeps letters.
#[derive(Debug)]
pub(super) struct Collector {
    pub(super) glyphs: Vec<Glyph>,
    pub(super) images: usize,
    /// Glyphs whose letters the font does not name.
    pub(super) unreadable: usize,
    operations: u64,
    last_run: Vec<Glyph>,
}

/// Unwinds out of the interpreter when a page draws more than is allowed.
struct TooManyOperations;

/// Units of a font's em square.
const EM: f64 = 1000.0;

impl Collector {
    /// A collector that follows at most `operations` drawing operations.
    pub(super) fn new(operations: u64) -> Self {
        Self { glyphs: Vec::new(), images: 0, unreadable: 0, operations, last_run: Vec::new() }
    }

    pub(super) fn operations_left(&self) -> u64 {
        self.operations
    }

    /// Count operations. The interpreter cannot be told to stop, so a page that draws without end is left by
    /// unwinding; `contain` catches it, and what was collected stays.
    fn spend(&mut self, operations: usize) {
        self.operations = self.operations.saturating_sub(operations as u64);
        if self.operations == 0 {
            std::panic::resume_unwind(Box::new(TooManyOperations));
        }
    }

    fn run(&mut self, run: &GlyphRun<'_, '_>, page: Affine) {
        let mut glyphs = Vec::new();
        for positioned in run.glyphs() {
            let glyph: &FontGlyph<'_> = positioned;
            let letters = glyph.as_unicode().map(|letters| match letters {
                BfString::Char(letter) => letter.to_string(),
                BfString::String(letters) => letters,
            });
            let Some(text) = letters.filter(|text| !text.contains(['\u{fffd}', '\0'])) else {
                self.unreadable += 1;
                continue;
            };
            let advance = match glyph {
                FontGlyph::Outline(outline) => outline.advance_width(),
                FontGlyph::Type3(drawn) => drawn.advance_width(),
            };
            glyphs.extend(place(text, page * positioned.transform(), advance));
        }
        // Outlined or emboldened letters are drawn twice in one place.
        if !same_place(&glyphs, &self.last_run) {
            self.glyphs.extend(glyphs.iter().cloned());
            self.last_run = glyphs;
        }
    }
}

fn place(text: String, transform: Affine, advance: Option<f32>) -> Option<Glyph> {
    let origin = transform * Point::ZERO;
    let along = transform * Point::new(EM, 0.0) - origin;
    let size = (transform * Point::new(0.0, EM) - origin).hypot();
    let length = along.hypot();
    let sound = [origin.x, origin.y, size, length].iter().all(|value| value.is_finite()) && length > 0.0;
    if !sound || size <= 0.0 {
        return None;
    }
    let (cos, sin) = (along.x / length, along.y / length);
    let x = origin.x * cos + origin.y * sin;
    let y = origin.y * cos - origin.x * sin;
    let width = f64::from(advance.unwrap_or(500.0)).clamp(0.0, 5.0 * EM) / EM * length;
    let angle = sin.atan2(cos).to_degrees().round() as i32;
    Some(Glyph { text, x, end: x + width, y, size, angle })
}

fn same_place(a: &[Glyph], b: &[Glyph]) -> bool {
    let near = |a: &Glyph, b: &Glyph| {
        a.text == b.text && (a.x - b.x).abs() < 0.1 * a.size && (a.y - b.y).abs() < 0.1 * a.size
    };
    !a.is_empty() && a.len() == b.len() && a.iter().zip(b).all(|(a, b)| near(a, b))
}

impl Device<'_> for Collector {
    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'_>, _: &DrawMode) {
        self.spend(1);
    }

    fn push_clip_path(&mut self, _: &ClipPath) {
        self.spend(1);
    }

    fn push_clip_rect(&mut self, _: &Rect) {
        self.spend(1);
    }

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'_>>, _: BlendMode) {
        self.spend(1);
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, '_>, props: DrawProps<'_>, _: &DrawMode) {
        self.spend(run.glyphs().len().max(1));
        self.run(run, props.transform);
    }

    fn draw_image(&mut self, _: Image<'_, '_>, _: ImageDrawProps<'_>) {
        self.spend(1);
        self.images += 1;
    }

    fn pop_clip(&mut self) {}

    fn pop_transparency_group(&mut self) {}

    fn draw_rect(&mut self, _: &Rect, _: DrawProps<'_>, _: &DrawMode) {
        self.spend(1);
    }
}
