//! The thresholds that rules use, with their defaults, in one place.

/// Thresholds of the rules.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// `rds-backup-retention`: days that automated backups are kept, at least.
    pub backup_retention_days: i32,
    /// `billing-alarm-levels`: distinct amounts that somebody is told of, at least.
    pub billing_levels: usize,
    /// `password-policy`: characters of a password, at least.
    pub password_length: i32,
    /// `password-policy`: former passwords that cannot be used again, at least.
    pub password_reuse_prevention: i32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { backup_retention_days: 7, billing_levels: 3, password_length: 14, password_reuse_prevention: 24 }
    }
}
