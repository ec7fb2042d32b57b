//! The judgement from a shell.
fn main() {}
