//! The thresholds that rules use, with their defaults and units, in one place.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! settings {
    ($($name:ident: $type:ty = $default:expr, $what:literal [$($rule:literal),+];)*) => {
        /// Thresholds of the rules.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields, default)]
        pub struct Settings {
            $(#[doc = concat!($what, ". For" $(, " `", $rule, "`")+, ".")] pub $name: $type,)*
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

            /// Every setting.
            pub fn all(&self) -> Vec<Setting> {
                vec![$(Setting { name: stringify!($name), what: $what, value: format!("{:?}", self.$name) },)*]
            }

            /// The settings that are not as they come.
            pub fn changed(&self) -> Vec<Setting> {
                let default = Self::default();
                let mut found = Vec::new();
                $(
                    if self.$name != default.$name {
                        let value = format!("{:?}", self.$name);
                        found.push(Setting { name: stringify!($name), what: $what, value });
                    }
                )*
                found
            }

            /// The first setting with which a rule could not fail, or could not be told, and what it should be.
            pub fn fault(&self) -> Option<(&'static str, &'static str)> {
                $(
                    if let Some(fault) = self.$name.fault(stringify!($name)) {
                        return Some((stringify!($name), fault));
                    }
                )*
                None
            }

            /// The rules that use some setting.
            #[cfg(test)]
            const RULES: &[&str] = &[$($($rule,)+)*];
        }
    };
}

/// What a value of a setting may not be.
trait Valid {
    fn fault(&self, name: &str) -> Option<&'static str>;
}

impl Valid for u16 {
    fn fault(&self, _: &str) -> Option<&'static str> {
        (*self == 0).then_some("has to be at least 1")
    }
}

impl Valid for Vec<u16> {
    fn fault(&self, _: &str) -> Option<&'static str> {
        let empty = "has to name at least one port; to leave the rule out, use `skip`";
        let zero = "has to name ports from 1 to 65535";
        if self.is_empty() { Some(empty) } else { self.contains(&0).then_some(zero) }
    }
}

impl Valid for Vec<String> {
    fn fault(&self, name: &str) -> Option<&'static str> {
        let id = |text: &String| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
        if name.ends_with("_accounts") && !self.iter().all(id) {
            return Some("has to name accounts by their ids of twelve digits");
        }
        self.iter().any(|text| text.trim().is_empty()).then_some("has an empty word")
    }
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
    access_key_days: u16 = 90, "days that an access key may be old, at most" ["access-key-rotated"];
    admin_ports: Vec<u16> = vec![22, 3389], "TCP ports by which machines are administered"
        ["sg-no-open-admin-port", "nacl-no-open-admin-port"];
    backup_retention_days: u16 = 7, "days that automated backups are kept, at least" ["rds-backup-retention"];
    bastion_names: Vec<String> = ["bastion", "jump", "vpn"].map(str::to_owned).to_vec(),
        "words in the tag Name of instances that are meant to be reached from outside" ["instance-in-private-subnet"];
    billing_levels: u16 = 3, "distinct amounts that somebody is told of, at least" ["billing-alarm-levels"];
    certificate_days: u16 = 30, "days that a certificate in use is still valid, more than" ["acm-certificate-not-expiring"];
    credentials_unused_days: u16 = 45, "days since a password or active access key was used, at most"
        ["user-credentials-used"];
    database_ports: Vec<u16> = vec![
        1433, 1434, 1521, 2483, 2484, 3306, 5432, 5439, 5984, 6379, 6380, 7000, 7001, 8086, 9042, 9200, 9300, 11211, 27017,
        27018, 27019, 50000,
    ], "TCP and UDP ports of databases, caches and search engines" ["sg-no-open-database-port"];
    instances_per_key_pair: u16 = 1, "instances with the same key pair, at most; an Auto Scaling group counts as one"
        ["key-pair-not-shared"];
    password_length: u16 = 14, "characters of a password, at least" ["password-policy"];
    password_reuse_prevention: u16 = 24, "former passwords that cannot be used again, at least" ["password-policy"];
    patch_days: u16 = 30, "days since a machine was last looked at for patches, at most" ["patch-compliance"];
    root_unused_days: u16 = 30, "days in which root was not used, at least" ["root-not-used"];
    secret_days: u16 = 90, "days that a secret which does not rotate by itself may stay the same, at most"
        ["secret-rotation"];
    ssh_entrances: u16 = 1, "instances of the account that SSH may reach from outside, at most" ["ssh-only-at-bastion"];
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
    fn a_setting_with_which_nothing_fails_is_refused() {
        assert_eq!(Settings::default().fault(), None);
        let settings = Settings { password_length: 0, ..Settings::default() };
        assert_eq!(settings.fault(), Some(("password_length", "has to be at least 1")));
        let settings = Settings { admin_ports: Vec::new(), ..Settings::default() };
        assert_eq!(settings.fault().map(|(name, _)| name), Some("admin_ports"));
        let settings = Settings { bastion_names: vec![String::new()], ..Settings::default() };
        assert_eq!(settings.fault().map(|(name, _)| name), Some("bastion_names"));
        let settings = Settings { trusted_accounts: vec!["12345678901".to_owned()], ..Settings::default() };
        assert_eq!(settings.fault().map(|(name, _)| name), Some("trusted_accounts"));
    }

    #[test]
    fn changed_settings_are_told() {
        let settings = Settings { patch_days: 7, ..Settings::default() };
        let told: Vec<_> = settings.changed().into_iter().map(|setting| (setting.name, setting.value)).collect();
        assert_eq!(told, [("patch_days", "7".to_owned())]);
    }

    #[test]
    fn a_setting_is_shown_with_its_value() {
        let settings = Settings::default().of("nacl-no-open-admin-port");
        let what = "TCP ports by which machines are administered";
        assert_eq!(settings, [Setting { name: "admin_ports", what, value: "[22, 3389]".to_owned() }]);
    }
}
