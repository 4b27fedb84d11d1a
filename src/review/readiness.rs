//! Readiness: how much of the checklist is done, as one number.

use golive_checks::{ItemResult, Severity, Status};

/// What is ready, and what should be.
///
/// An item weighs as its most severe rule does (critical 8, high 4, medium 2, low 1), and as medium where people alone
/// can tell. An item that passes is ready; one that fails, is unknown or waits for a person is not. What does not apply
/// counts on neither side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Readiness {
    /// The weight of the items that pass.
    pub ready: u32,
    /// The weight of all items that apply.
    pub of: u32,
}

impl Readiness {
    /// The readiness of some items.
    pub fn of<'a>(items: impl IntoIterator<Item = &'a ItemResult>) -> Self {
        let mut sum = Self::default();
        for item in items.into_iter().filter(|item| item.status != Status::NotApplicable) {
            let weight = weight(item.item.severity());
            sum.of += weight;
            sum.ready += if item.status == Status::Pass { weight } else { 0 };
        }
        sum
    }

    /// From 0 to 100, rounded down, so that only what is all ready has 100; none where nothing applies.
    pub fn percent(self) -> Option<u32> {
        (self.of > 0).then(|| self.ready * 100 / self.of)
    }
}

fn weight(severity: Severity) -> u32 {
    match severity {
        Severity::Critical => 8,
        Severity::High => 4,
        Severity::Medium => 2,
        Severity::Low => 1,
    }
}

#[cfg(test)]
mod tests {
    use golive_checks::item;

    use super::*;

    fn result(id: &str, status: Status) -> ItemResult {
        let item = item(id).expect("an item");
        ItemResult {
            item,
            status,
            answer: None,
            rules: Vec::new(),
            left_out: Vec::new(),
            seen: Vec::new(),
            unseen: false,
        }
    }

    #[test]
    fn items_weigh_as_their_most_severe_rule() {
        // Security groups have a critical rule; AMIs are for people alone.
        let (groups, amis) = ("networking/configure-security-groups", "server-side/build-amis");
        let of = |groups_are, amis_are| Readiness::of(&[result(groups, groups_are), result(amis, amis_are)]);
        assert_eq!(of(Status::Pass, Status::Manual), Readiness { ready: 8, of: 10 });
        assert_eq!(of(Status::Fail, Status::Pass).percent(), Some(20));
        assert_eq!(of(Status::Unknown, Status::Manual).percent(), Some(0));
        assert_eq!(of(Status::Pass, Status::NotApplicable).percent(), Some(100));
        assert_eq!(of(Status::NotApplicable, Status::NotApplicable).percent(), None);
    }

    #[test]
    fn almost_all_is_not_all() {
        let mut items: Vec<_> = golive_checks::items().map(|item| result(item.id, Status::Pass)).collect();
        assert_eq!(Readiness::of(&items).percent(), Some(100));
        items[0].status = Status::Manual;
        assert_eq!(Readiness::of(&items).percent(), Some(99));
    }
}
