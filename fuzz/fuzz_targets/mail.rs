//! Messages and mailboxes, whatever they hold.

#![no_main]

mod shared;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    shared::read("a.eml", bytes);
    shared::read("a.mbox", &[b"From a@b.example Tue Jun 12 09:15:00 2018\n", bytes].concat());
});
