//! The thresholds that rules use, with their defaults, in one place.

/// Thresholds of the rules.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// `rds-backup-retention`: days that automated backups are kept, at least.
    pub backup_retention_days: i32,
    /// `sg-no-open-admin-port`, `nacl-no-open-admin-port`: TCP ports by which machines are administered.
    pub admin_ports: Vec<u16>,
    /// `sg-no-open-database-port`: TCP and UDP ports of databases, caches and search engines.
    pub database_ports: Vec<u16>,
    /// `instance-in-private-subnet`: words in the tag `Name` of instances that are meant to be reached from outside.
    pub bastion_names: Vec<String>,
    /// `ssh-only-at-bastion`: instances of the account that may be reached by SSH from outside, at most.
    pub ssh_entrances: usize,
    /// `key-pair-not-shared`: instances with the same key pair, at most; an Auto Scaling group counts as one.
    pub instances_per_key_pair: usize,
    /// `acm-certificate-not-expiring`: days that a certificate in use is still valid, at least.
    pub certificate_days: i64,
    /// `secret-rotation`: days that a secret which does not rotate by itself may stay the same, at most.
    pub secret_days: i64,
    /// `patch-compliance`: days since a machine was last looked at for patches, at most.
    pub patch_days: i64,
    /// `root-not-used`: days in which root was not used, at least.
    pub root_unused_days: i64,
    /// `user-credentials-used`: days in which an active password or access key was used, at most.
    pub credentials_unused_days: i64,
    /// `access-key-rotated`: days that an access key may be old, at most.
    pub access_key_days: i64,
    /// `cross-account-trust-known`: ids of accounts that roles may trust although the organization lacks them.
    pub trusted_accounts: Vec<String>,
    /// `billing-alarm-levels`: distinct amounts that somebody is told of, at least.
    pub billing_levels: usize,
    /// `password-policy`: characters of a password, at least.
    pub password_length: i32,
    /// `password-policy`: former passwords that cannot be used again, at least.
    pub password_reuse_prevention: i32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            backup_retention_days: 7,
            admin_ports: vec![22, 3389],
            database_ports: vec![
                1433, 1434, 1521, 2483, 2484, 3306, 5432, 5439, 5984, 6379, 6380, 7000, 7001, 8086, 9042, 9200, 9300,
                11211, 27017, 27018, 27019, 50000,
            ],
            bastion_names: ["bastion", "jump", "vpn"].map(str::to_owned).to_vec(),
            ssh_entrances: 1,
            instances_per_key_pair: 1,
            certificate_days: 30,
            secret_days: 90,
            patch_days: 30,
            root_unused_days: 30,
            credentials_unused_days: 45,
            access_key_days: 90,
            trusted_accounts: Vec::new(),
            billing_levels: 3,
            password_length: 14,
            password_reuse_prevention: 24,
        }
    }
}
