//! Bytes that statements refer to by digest.

use bounden_base::Digest;
use rusqlite::{OptionalExtension as _, params};

use crate::{SqliteStore, StoreError};

impl SqliteStore {
    /// Keeps `bytes` and gives the digest by which they are found again.
    ///
    /// # Errors
    /// A disk that refuses.
    pub fn put_blob(&mut self, bytes: &[u8]) -> Result<Digest, StoreError> {
        let digest = Digest::of(bytes);
        self.connection
            .prepare_cached("INSERT OR IGNORE INTO blobs (digest, bytes) VALUES (?1, ?2)")?
            .execute(params![digest.as_bytes(), bytes])?;
        Ok(digest)
    }

    /// The bytes with this digest, if they are kept.
    ///
    /// # Errors
    /// Bytes that no longer have their digest.
    pub fn blob(&self, digest: &Digest) -> Result<Option<Vec<u8>>, StoreError> {
        let found: Option<(i64, Vec<u8>)> = self
            .connection
            .prepare_cached("SELECT rowid, bytes FROM blobs WHERE digest = ?1")?
            .query_row([digest.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        match found {
            Some((row, bytes)) if Digest::of(&bytes) != *digest => {
                Err(StoreError::Damaged { table: "blobs", row })
            }
            found => Ok(found.map(|(_, bytes)| bytes)),
        }
    }
}
