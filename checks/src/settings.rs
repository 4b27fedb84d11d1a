//! The thresholds that rules use, with their defaults and units, in one place.

macro_rules! settings {
    ($($name:ident: $type:ty = $default:expr, $what:literal [$($rule:literal),+];)*) => {
        /// Thresholds of the rules.
        #[derive(Clone, Debug, PartialEq)]
        pub struct Settings {
            $(#[doc = concat!($what, ". For ", $("`", $rule, "` ",)+)] pub $name: $type,)*
        }

        impl Default for Settings {
            fn default() -> Self {
                Self { $($name: $default,)* }
            }
        }

        impl Settings {
            /// The settings that a rule uses.
            pub fn of(&self, rule: &str) -> Vec<Setting> {
                let mut found = Vec::new();
                $(
                    if [$($rule),+].contains(&rule) {
                        let value = format!("{:?}", self.$name);
                        found.push(Setting { name: stringify!($name), what: $what, value });
                    }
                )*
                found
            }

            /// The rules that use some setting.
            #[cfg(test)]
            const RULES: &[&str] = &[$($($rule,)+)*];
        }
    };
}

/// One setting as people see it.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// `admin_ports`
    pub name: &'static str,
    /// What it is, with its unit.
    pub what: &'static str,
    /// Its value: `[22, 3389]`.
    pub value: String,
}

settings! {
    access_key_days: i64 = 90, "days that an access key may be old, at most" ["access-key-rotated"];
    admin_ports: Vec<u16> = vec![22, 3389], "TCP ports by which machines are administered"
        ["sg-no-open-admin-port", "nacl-no-open-admin-port"];
    backup_retention_days: i32 = 7, "days that automated backups are kept, at least" ["rds-backup-retention"];
    bastion_names: Vec<String> = ["bastion", "jump", "vpn"].map(str::to_owned).to_vec(),
        "words in the tag Name of instances that are meant to be reached from outside" ["instance-in-private-subnet"];
    billing_levels: usize = 3, "distinct amounts that somebody is told of, at least" ["billing-alarm-levels"];
    certificate_days: i64 = 30, "days that a certificate in use is still valid, more than" ["acm-certificate-not-expiring"];
    credentials_unused_days: i64 = 45, "days since a password or active access key was used, at most"
        ["user-credentials-used"];
    database_ports: Vec<u16> = vec![
        1433, 1434, 1521, 2483, 2484, 3306, 5432, 5439, 5984, 6379, 6380, 7000, 7001, 8086, 9042, 9200, 9300, 11211, 27017,
        27018, 27019, 50000,
    ], "TCP and UDP ports of databases, caches and search engines" ["sg-no-open-database-port"];
    instances_per_key_pair: usize = 1, "instances with the same key pair, at most; an Auto Scaling group counts as one"
        ["key-pair-not-shared"];
    password_length: i32 = 14, "characters of a password, at least" ["password-policy"];
    password_reuse_prevention: i32 = 24, "former passwords that cannot be used again, at least" ["password-policy"];
    patch_days: i64 = 30, "days since a machine was last looked at for patches, at most" ["patch-compliance"];
    root_unused_days: i64 = 30, "days in which root was not used, at least" ["root-not-used"];
    secret_days: i64 = 90, "days that a secret which does not rotate by itself may stay the same, at most"
        ["secret-rotation"];
    ssh_entrances: usize = 1, "instances of the account that SSH may reach from outside, at most" ["ssh-only-at-bastion"];
    trusted_accounts: Vec<String> = Vec::new(), "ids of accounts that roles may trust although the organization lacks them"
        ["cross-account-trust-known"];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_belong_to_rules_that_name_them() {
        for id in Settings::RULES {
            let rule = crate::rule(id).unwrap_or_else(|| panic!("{id} is no rule"));
            assert!(!Settings::default().of(rule.id).is_empty());
        }
    }

    #[test]
    fn a_setting_is_shown_with_its_value() {
        let settings = Settings::default().of("nacl-no-open-admin-port");
        let what = "TCP ports by which machines are administered";
        assert_eq!(settings, [Setting { name: "admin_ports", what, value: "[22, 3389]".to_owned() }]);
    }
}
