//! The master key: what it seals, and who is refused.

use std::os::unix::fs::PermissionsExt;

use store::{KeySource, StoreError, Vault, VaultError, testing};

#[test]
fn what_is_sealed_opens_for_its_purpose_only() {
    let vault = Vault::from_bytes([1; 32]);
    let sealed = vault.seal("issuer/key", b"a secret");
    assert_eq!(sealed.len(), 8 + 41);
    assert_eq!(vault.open("issuer/key", &sealed).unwrap().as_slice(), b"a secret");
    assert_ne!(sealed, vault.seal("issuer/key", b"a secret"), "a nonce is never used twice");

    assert!(vault.open("issuer/keys", &sealed).is_err(), "another purpose");
    assert!(Vault::from_bytes([2; 32]).open("issuer/key", &sealed).is_err(), "another key");
    for at in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[at] ^= 1;
        assert!(vault.open("issuer/key", &changed).is_err(), "byte {at} changed");
        assert!(vault.open("issuer/key", &sealed[..at]).is_err(), "cut at {at}");
    }
}

#[test]
fn derived_values_depend_on_purpose_row_generation_and_key() {
    let vault = Vault::from_bytes([1; 32]);
    let code = vault.derive("slip", b"row 1", 0);
    assert_eq!(code, vault.derive("slip", b"row 1", 0), "a slip can be printed again");
    let others = [
        vault.derive("card", b"row 1", 0),
        vault.derive("slip", b"row 2", 0),
        vault.derive("slip", b"row 1", 1),
        Vault::from_bytes([2; 32]).derive("slip", b"row 1", 0),
        // Neither boundary moves: purpose and row do not run into one another.
        vault.derive("sli", b"prow 1", 0),
    ];
    for other in others {
        assert_ne!(code, other);
    }
    assert_eq!(vault.lookup_hash("slip", "R234").len(), 32);
    assert_ne!(vault.lookup_hash("slip", "R234"), vault.lookup_hash("card", "R234"));
    assert_ne!(vault.lookup_hash("slip", "R234"), Vault::from_bytes([2; 32]).lookup_hash("slip", "R234"));
}

#[test]
fn derived_values_stay_the_same_for_ever() {
    // Printed slips depend on these bytes: a change here is a change of every code ever printed.
    let vault = Vault::from_bytes([7; 32]);
    let hex = |bytes: &[u8]| data_encoding::HEXLOWER.encode(bytes);
    assert_eq!(hex(&vault.derive("slip", b"row", 1)), DERIVED);
    assert_eq!(hex(&vault.lookup_hash("slip", "R234")), LOOKED_UP);
}

// Computed apart, with another implementation of HMAC-SHA256.
const DERIVED: &str = "483721569290400984a55a661a74b33cc0ff70ed96151097aa92521afb5b50c0";
const LOOKED_UP: &str = "511f270a1c5879418e3cadb5b5ff416a5b5d3d1296fcc30d120a06a02d554fac";

#[test]
fn a_key_file_is_made_once_and_for_its_owner_only() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("livret.key");
    let (first, made) = Vault::from_file(&path).unwrap();
    assert!(made);
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let (second, made) = Vault::from_file(&path).unwrap();
    assert!(!made);
    assert_eq!(first.derive("x", b"", 0), second.derive("x", b"", 0));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "no draft stays behind");

    std::fs::write(&path, "too short").unwrap();
    assert!(matches!(Vault::from_file(&path), Err(VaultError::Malformed(_))));
}

#[test]
fn a_key_is_read_as_hexadecimal_or_base64() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("livret.key");
    let expected = Vault::from_bytes([251; 32]).derive("x", b"", 0);
    let base64 = data_encoding::BASE64.encode(&[251; 32]);
    let written = [
        "fb".repeat(32),
        "FB".repeat(32),
        base64.clone(),
        format!("  {base64}\n"),
        data_encoding::BASE64URL_NOPAD.encode(&[251; 32]),
    ];
    for text in written {
        std::fs::write(&path, &text).unwrap();
        assert_eq!(Vault::from_file(&path).unwrap().0.derive("x", b"", 0), expected, "{text}");
    }
    for text in ["", "fb", &"fb".repeat(31), &"zz".repeat(32)] {
        std::fs::write(&path, text).unwrap();
        assert!(matches!(Vault::from_file(&path), Err(VaultError::Malformed(_))), "{text}");
    }
}

#[test]
fn processes_that_start_together_agree_on_one_key() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("livret.key");
    let keys: Vec<[u8; 32]> = std::thread::scope(|scope| {
        let threads: Vec<_> =
            (0..8).map(|_| scope.spawn(|| Vault::from_file(&path).unwrap().0.derive("x", b"", 0))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(keys.windows(2).all(|pair| pair[0] == pair[1]));
}

#[tokio::test]
async fn the_wrong_key_is_refused() {
    for test in testing::databases().await {
        let now = test.clock.now();
        test.vault.check(&test.db, now).await.unwrap();
        test.vault.check(&test.db, now).await.unwrap();
        let refused = Vault::from_bytes([8; 32]).check(&test.db, now).await.unwrap_err();
        assert!(matches!(refused, StoreError::Vault(VaultError::WrongKey)), "{}", test.engine());
    }
}

#[tokio::test]
async fn without_a_variable_sqlite_makes_a_file_and_postgres_refuses() {
    let set = std::env::var_os(store::MASTER_KEY_VARIABLE).is_some();
    assert!(!set, "run the tests without {}", store::MASTER_KEY_VARIABLE);
    for test in testing::databases().await {
        let obtained = Vault::obtain(&test.db, test.clock.now()).await;
        if test.engine() == "postgres" {
            assert!(matches!(obtained, Err(StoreError::Vault(VaultError::Missing))));
            continue;
        }
        let (vault, source) = obtained.unwrap();
        let KeySource::NewFile(file) = source else { panic!("{source:?}") };
        assert!(file.ends_with("livret.key"));
        let (again, source) = Vault::obtain(&test.db, test.clock.now()).await.unwrap();
        assert_eq!(source, KeySource::File(file.clone()));
        assert_eq!(vault.derive("x", b"", 0), again.derive("x", b"", 0));

        // The file lost, the database must not quietly live on with another key.
        std::fs::remove_file(file).unwrap();
        let refused = Vault::obtain(&test.db, test.clock.now()).await.unwrap_err();
        assert!(matches!(refused, StoreError::Vault(VaultError::WrongKey)));
    }
}

#[test]
fn a_vault_never_shows_its_key() {
    assert_eq!(format!("{:?}", Vault::from_bytes([7; 32])), "Vault(…)");
}
