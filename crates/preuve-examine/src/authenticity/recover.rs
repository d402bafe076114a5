//! stub
/// stub
pub struct RecoveredKey;
/// stub
pub fn recover_modulus(_: &[&[u8]]) -> Option<RecoveredKey> {
    None
}
