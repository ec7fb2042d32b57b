//! Signing of data files that people import.
//!
//! A signed file is the file, its ed25519 signature (RFC 8032), and [`SEAL`]. The key stays outside the checkout; its
//! public half is static/data/key.pub, in hexadecimal, and the extension checks with it.

use std::fs;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use latchkey::packed::{SEAL, signed};

use crate::sources::hex;

/// Writes a new key to a file that must not be there yet, and its public half beside the data.
pub fn new_key(file: &Path, public: &Path) -> Result<()> {
    ensure!(!file.exists(), "{} is there already", file.display());
    let mut seed = [0; 32];
    fs::File::open("/dev/urandom")?.read_exact(&mut seed)?;
    fs::write(file, hex(&seed) + "\n").with_context(|| file.display().to_string())?;
    #[cfg(unix)]
    fs::set_permissions(file, std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    fs::write(public, hex(SigningKey::from_bytes(&seed).verifying_key().as_bytes()) + "\n")?;
    Ok(())
}

/// The key in a file.
pub fn key(file: &Path) -> Result<SigningKey> {
    Ok(SigningKey::from_bytes(&unhex(&fs::read_to_string(file).with_context(|| file.display().to_string())?)?))
}

/// A file's bytes with their signature, checked against the public half of the key.
pub fn sign(content: &[u8], key: &SigningKey, public: &Path) -> Result<Vec<u8>> {
    let expected = VerifyingKey::from_bytes(&unhex(&fs::read_to_string(public)?)?)?;
    ensure!(key.verifying_key() == expected, "the key is not the one of {}", public.display());
    Ok(with_signature(content, key))
}

fn with_signature(content: &[u8], key: &SigningKey) -> Vec<u8> {
    [content, &key.sign(content).to_bytes(), &SEAL].concat()
}

/// Whether a signed file was signed with this key.
pub fn is_genuine(file: &[u8], key: &VerifyingKey) -> bool {
    signed(file)
        .is_ok_and(|(content, signature)| key.verify_strict(content, &Signature::from_bytes(&signature)).is_ok())
}

fn unhex(text: &str) -> Result<[u8; 32]> {
    let text = text.trim();
    ensure!(text.len() == 64 && text.is_ascii(), "a key is 64 hexadecimal digits");
    let mut bytes = [0; 32];
    for (byte, at) in bytes.iter_mut().zip((0..).step_by(2)) {
        *byte = u8::from_str_radix(&text[at..at + 2], 16)?;
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_key_signed_is_genuine() {
        let (key, other) = (SigningKey::from_bytes(&[7; 32]), SigningKey::from_bytes(&[8; 32]));
        let file = with_signature(b"some content", &key);
        assert!(is_genuine(&file, &key.verifying_key()));
        assert!(!is_genuine(&file, &other.verifying_key()));
        for at in 0..file.len() {
            let mut altered = file.clone();
            altered[at] ^= 1;
            assert!(!is_genuine(&altered, &key.verifying_key()), "altered at {at}");
        }
        assert!(!is_genuine(b"some content", &key.verifying_key()));
    }

    #[test]
    fn a_key_is_read_as_it_is_written() {
        assert_eq!(unhex(&(hex(&[0xab; 32]) + "\n")).unwrap(), [0xab; 32]);
        assert!(unhex("ab").is_err());
        assert!(unhex(&"zz".repeat(32)).is_err());
    }
}
