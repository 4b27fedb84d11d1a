//! `cost-optimization/create-billing-alarms`: whether somebody is told when the bill grows, and at how many amounts.

use std::collections::BTreeSet;

use crate::facts::{AlarmAction, BillingAlarm, Budget, BudgetNotification};
use crate::{
    Absence, Account, Decides, FactKind, Findings, Item, Judge, Reference, Remedy, Rule, Severity, Unreadable, Verdict,
};

/// `cost-optimization/create-billing-alarms`
pub const ITEM: Item = Item {
    id: "cost-optimization/create-billing-alarms",
    title: "Create billing alarms",
    decides: Decides::Machine,
    what: "Alarms on what the whole account costs, at several amounts: one when the bill is a little high, one when it \
           is really high, one when it threatens the business. Each tells somebody who reads it.",
    why: "A runaway job, a leaked key or a forgotten cluster costs thousands before the monthly invoice shows it. An \
          alarm at a sensible amount makes it a matter of hours.",
    confirm: "In us-east-1, look at CloudWatch alarms on Billing, Total Estimated Charge, and at Billing and Cost \
              Management, Budgets: three amounts or more, each with a confirmed receiver. Where the organization's \
              payer account holds them, look there.",
    references: &[BILLING_ALARM_GUIDE, BUDGETS_GUIDE],
    rules: &[&BILLING_ALARM, &BILLING_ALARM_LEVELS],
    evidence: &[],
    pending: &[],
};

const BILLING_ALARM_GUIDE: Reference = Reference {
    title: "Create a billing alarm to monitor your estimated AWS charges",
    url: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/monitor_estimated_charges_with_cloudwatch.html",
};

const BUDGETS_GUIDE: Reference = Reference {
    title: "Managing your costs with AWS Budgets",
    url: "https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-managing-costs.html",
};

const REMEDY_CONSOLE: &str = "Billing and Cost Management, Budgets, Create budget, Cost budget: the monthly amount, \
                              all AWS services, alert thresholds with e-mail recipients; or CloudWatch in us-east-1, \
                              Alarms, Create alarm, Billing, Total Estimated Charge";

const REMEDY_CLI: &str = "aws budgets create-budget --account-id ACCOUNT_ID --budget \
                          'BudgetName=NAME,BudgetType=COST,TimeUnit=MONTHLY,BudgetLimit={Amount=AMOUNT,Unit=USD}' \
                          --notifications-with-subscribers '[{\"Notification\": {\"NotificationType\": \"ACTUAL\", \
                          \"ComparisonOperator\": \"GREATER_THAN\", \"Threshold\": PERCENTAGE}, \"Subscribers\": \
                          [{\"SubscriptionType\": \"EMAIL\", \"Address\": \"ADDRESS\"}]}]'; one notification for each \
                          level";

const REMEDY_TERRAFORM: &str = "aws_budgets_budget: budget_type = \"COST\" and a notification block for each level \
                                with subscriber_email_addresses; or aws_cloudwatch_metric_alarm in us-east-1: \
                                namespace = \"AWS/Billing\", metric_name = \"EstimatedCharges\", dimensions = { \
                                Currency = \"USD\" }, alarm_actions";

/// `billing-alarm`
pub static BILLING_ALARM: Rule = Rule {
    id: "billing-alarm",
    title: "Somebody is told when the bill grows",
    severity: Severity::High,
    needs: &[FactKind::BillingAlarms, FactKind::Budgets],
    absence: Absence::Fails("no billing alarm or budget"),
    decided: "One of two is enough: a CloudWatch alarm on the estimated charges of the whole account, its actions on \
              and one of them a topic with a confirmed subscription; or a cost budget without filters whose \
              notification has a subscriber. An alarm on one service, on another account, or without the Currency \
              dimension (that metric has no data) does not count. What cannot be read matters only while nothing else \
              proves the pass. Where the payer account holds the alarms of the organization, make an exception.",
    remedy: Remedy {
        summary: "Create a cost budget or a billing alarm that notifies a confirmed subscriber.",
        console: REMEDY_CONSOLE,
        cli: REMEDY_CLI,
        terraform: REMEDY_TERRAFORM,
    },
    controls: &[],
    references: &[BILLING_ALARM_GUIDE, BUDGETS_GUIDE],
    judge: Judge::Account(billing_alarm),
};

fn billing_alarm(account: &Account, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    let alerts = Alerts::of(account);
    findings.check(&account.id, || alerts.verdict(1));
    Ok(())
}

/// `billing-alarm-levels`
pub static BILLING_ALARM_LEVELS: Rule = Rule {
    id: "billing-alarm-levels",
    title: "The bill is watched at several amounts",
    severity: Severity::Medium,
    needs: &[FactKind::BillingAlarms, FactKind::Budgets],
    absence: Absence::Fails("no billing alarm or budget"),
    decided: "Counts the distinct amounts at which the alarms and budgets that billing-alarm accepts tell somebody: \
              three unless configured. A percentage is taken of its budget's limit; actual and forecasted costs of one \
              amount are one level, and so are an alarm and a budget of one amount. An anomaly alarm, or a percentage \
              of a budget without a fixed limit, is a level of its own.",
    remedy: Remedy {
        summary: "Add notifications until three different amounts of the bill are announced.",
        console: REMEDY_CONSOLE,
        cli: REMEDY_CLI,
        terraform: REMEDY_TERRAFORM,
    },
    controls: &[],
    references: &[BILLING_ALARM_GUIDE, BUDGETS_GUIDE],
    judge: Judge::Account(billing_alarm_levels),
};

fn billing_alarm_levels(account: &Account, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    let alerts = Alerts::of(account);
    let minimum = usize::from(findings.settings.billing_levels);
    findings.check(&account.id, || alerts.verdict(minimum));
    Ok(())
}

/// A level of the bill at which somebody is told.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    /// An amount in cents, so that equal amounts compare as equal.
    Cents(i64),
    /// No fixed amount; what makes it a level of its own.
    Moving(String),
}

impl Level {
    fn of(amount: f64) -> Self {
        // The cast caps what no bill reaches.
        Self::Cents((amount * 100.0).round() as i64)
    }
}

/// Why an alarm or a notification is no level.
#[derive(Debug)]
enum Gap {
    /// It reaches nobody, or does not watch the bill.
    Idle(String),
    /// It may be one.
    Unread(Unreadable),
}

impl From<Unreadable> for Gap {
    fn from(reason: Unreadable) -> Self {
        Self::Unread(reason)
    }
}

/// The alarms and budgets of an account, sorted by what they are worth.
#[derive(Default)]
struct Alerts {
    levels: BTreeSet<Level>,
    idle: Vec<String>,
    unread: Vec<Unreadable>,
}

impl Alerts {
    fn of(account: &Account) -> Self {
        let mut alerts = Self::default();
        match account.billing_alarms() {
            Ok(alarms) => alarms.iter().for_each(|alarm| alerts.add(alarm_level(alarm, &account.id))),
            Err(reason) => alerts.unread.push(reason),
        }
        match account.budgets() {
            Ok(budgets) => budgets.iter().flat_map(budget_levels).for_each(|level| alerts.add(level)),
            Err(reason) => alerts.unread.push(reason),
        }
        alerts
    }

    fn add(&mut self, level: Result<Level, Gap>) {
        match level {
            Ok(level) => {
                self.levels.insert(level);
            }
            Err(Gap::Idle(why)) => self.idle.push(why),
            Err(Gap::Unread(reason)) => self.unread.push(reason),
        }
    }

    /// Passes with `minimum` levels. What was not read could only add to them.
    fn verdict(&self, minimum: usize) -> Result<Verdict, Unreadable> {
        if self.levels.len() >= minimum {
            return Ok(Verdict::pass(self.summary()));
        }
        if let Some(reason) = self.unread.first() {
            return Err(reason.clone());
        }
        if self.levels.is_empty() {
            return Ok(Verdict::fail(self.why_none()));
        }
        Ok(Verdict::fail(format!("{}; {minimum} are asked for", self.summary())))
    }

    /// `3 levels: 50.00 to 500.00`
    fn summary(&self) -> String {
        let count = match self.levels.len() {
            1 => "1 level".to_owned(),
            count => format!("{count} levels"),
        };
        let amounts: Vec<i64> = self.levels.iter().filter_map(amount).collect();
        match amounts.as_slice() {
            [] => format!("{count} without a fixed amount"),
            [only] => format!("{count}: {}", money(*only)),
            [lowest, .., highest] => format!("{count}: {} to {}", money(*lowest), money(*highest)),
        }
    }

    fn why_none(&self) -> String {
        match self.idle.as_slice() {
            [] => "no billing alarm or budget".to_owned(),
            [only] => only.clone(),
            [first, others @ ..] => format!("{first} (and {} more)", others.len()),
        }
    }
}

fn amount(level: &Level) -> Option<i64> {
    match level {
        Level::Cents(cents) => Some(*cents),
        Level::Moving(_) => None,
    }
}

/// `50.00`: alarms do not tell their currency in a form worth trusting, so none is shown.
fn money(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", cents.unsigned_abs() / 100, cents.unsigned_abs() % 100)
}

fn alarm_level(alarm: &BillingAlarm, account_id: &str) -> Result<Level, Gap> {
    let idle = |why: &str| Err(Gap::Idle(format!("alarm {:.60}: {why}", alarm.name)));
    if !alarm.actions_enabled {
        return idle("actions are off");
    }
    if !watches_the_account(&alarm.dimensions, account_id) {
        return idle("watches a part of the bill");
    }
    // AWS publishes no EstimatedCharges without a currency: such an alarm never has data.
    if !alarm.dimensions.iter().any(|(name, _)| name == "Currency") {
        return idle("lacks the dimension Currency");
    }
    if alarm.actions.is_empty() {
        return idle("has no action");
    }
    if !reaches_somebody(&alarm.actions)? {
        return idle("no confirmed subscriber");
    }
    Ok(alarm.threshold.map_or_else(|| Level::Moving(format!("alarm {}", alarm.name)), Level::of))
}

fn watches_the_account(dimensions: &[(String, String)], account_id: &str) -> bool {
    dimensions.iter().all(|(name, value)| name == "Currency" || (name == "LinkedAccount" && value == account_id))
}

/// Whether some action is a topic with a confirmed subscription. One is enough, whatever the others are.
fn reaches_somebody(actions: &[AlarmAction]) -> Result<bool, Unreadable> {
    let mut unread = None;
    for confirmed in actions.iter().filter_map(|action| action.confirmed_subscriptions.as_ref()) {
        match confirmed.get(FactKind::BillingAlarms) {
            Ok(0) => {}
            Ok(_) => return Ok(true),
            Err(reason) => unread = Some(reason),
        }
    }
    unread.map_or(Ok(false), Err)
}

fn budget_levels(budget: &Budget) -> Vec<Result<Level, Gap>> {
    match notifications(budget) {
        Ok(notifications) => notifications.iter().map(|told| notification_level(budget, told)).collect(),
        Err(gap) => vec![Err(gap)],
    }
}

/// The notifications of a budget that watches what the whole account costs.
fn notifications(budget: &Budget) -> Result<&[BudgetNotification], Gap> {
    let idle = |why: &str| Err(Gap::Idle(format!("budget {:.60}: {why}", budget.name)));
    if budget.budget_type != "COST" {
        return idle("does not watch costs");
    }
    if budget.filtered {
        return idle("watches a part of the bill");
    }
    let notifications = budget.notifications.get(FactKind::Budgets)?;
    if notifications.is_empty() {
        return idle("has no notification");
    }
    Ok(notifications)
}

fn notification_level(budget: &Budget, told: &BudgetNotification) -> Result<Level, Gap> {
    if *told.subscribers.get(FactKind::Budgets)? == 0 {
        return Err(Gap::Idle(format!("budget {:.60}: a notification has no subscriber", budget.name)));
    }
    Ok(match (told.percentage, budget.limit) {
        (false, _) => Level::of(told.threshold),
        (true, Some(limit)) => Level::of(limit * told.threshold / 100.0),
        (true, None) => Level::Moving(format!("budget {} at {} %", budget.name, told.threshold)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Said, account, denied, judge, unreadable};
    use crate::{Reading, Status};

    fn topic(confirmed: u32) -> AlarmAction {
        AlarmAction {
            arn: "arn:aws:sns:us-east-1:123456789012:bill".to_owned(),
            confirmed_subscriptions: Some(Reading::Read(confirmed)),
        }
    }

    fn unreadable_topic() -> AlarmAction {
        AlarmAction { confirmed_subscriptions: Some(unreadable()), ..topic(0) }
    }

    fn dimensions(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    /// An alarm that tells somebody at an amount.
    fn alarm(threshold: f64) -> BillingAlarm {
        BillingAlarm {
            name: format!("bill-{threshold}"),
            threshold: Some(threshold),
            dimensions: dimensions(&[("Currency", "USD")]),
            actions_enabled: true,
            actions: vec![topic(1)],
        }
    }

    /// A budget of 1000 that tells somebody at these percentages.
    fn budget(percentages: &[f64]) -> Budget {
        Budget {
            name: "monthly".to_owned(),
            budget_type: "COST".to_owned(),
            limit: Some(1000.0),
            filtered: false,
            notifications: Reading::Read(percentages.iter().map(|&threshold| percentage(threshold)).collect()),
        }
    }

    fn percentage(threshold: f64) -> BudgetNotification {
        BudgetNotification {
            notification_type: "ACTUAL".to_owned(),
            threshold,
            percentage: true,
            subscribers: Reading::Read(1),
        }
    }

    fn with(alarms: Vec<BillingAlarm>, budgets: Vec<Budget>) -> Account {
        Account { billing_alarms: Reading::Read(alarms), budgets: Reading::Read(budgets), ..account() }
    }

    fn said_of_alarm(alarm: BillingAlarm) -> Said {
        judge(&BILLING_ALARM, &with(vec![alarm], vec![]))
    }

    fn said_of_budget(budget: Budget) -> Said {
        judge(&BILLING_ALARM, &with(vec![], vec![budget]))
    }

    #[test]
    fn one_alarm_that_reaches_somebody_passes() {
        let said = said_of_alarm(alarm(100.0));
        assert_eq!(said.lines, ["pass 123456789012 global"]);
        assert_eq!(said.details, ["1 level: 100.00"]);
        assert_eq!(said.status, Status::Pass);
    }

    #[test]
    fn one_budget_notification_with_a_subscriber_passes() {
        let said = said_of_budget(budget(&[80.0]));
        assert_eq!(said.details, ["1 level: 800.00"]);
        assert_eq!(said.status, Status::Pass);
    }

    #[test]
    fn an_account_without_alarms_and_budgets_fails_both_rules() {
        for rule in [&BILLING_ALARM, &BILLING_ALARM_LEVELS] {
            let said = judge(rule, &with(vec![], vec![]));
            assert_eq!(said.lines, ["fail 123456789012 global"]);
            assert_eq!(said.details, ["no billing alarm or budget"]);
        }
    }

    #[test]
    fn an_alarm_whose_actions_are_off_fails() {
        let said = said_of_alarm(BillingAlarm { actions_enabled: false, ..alarm(100.0) });
        assert_eq!(said.details, ["alarm bill-100: actions are off"]);
    }

    #[test]
    fn an_alarm_without_actions_fails() {
        let said = said_of_alarm(BillingAlarm { actions: vec![], ..alarm(100.0) });
        assert_eq!(said.details, ["alarm bill-100: has no action"]);
    }

    #[test]
    fn a_topic_without_a_confirmed_subscriber_reaches_nobody() {
        let said = said_of_alarm(BillingAlarm { actions: vec![topic(0)], ..alarm(100.0) });
        assert_eq!(said.details, ["alarm bill-100: no confirmed subscriber"]);
        assert_eq!(said.status, Status::Fail);
    }

    #[test]
    fn an_action_that_is_no_topic_reaches_nobody() {
        let function = AlarmAction {
            arn: "arn:aws:lambda:us-east-1:123456789012:function:f".to_owned(),
            confirmed_subscriptions: None,
        };
        let said = said_of_alarm(BillingAlarm { actions: vec![function], ..alarm(100.0) });
        assert_eq!(said.details, ["alarm bill-100: no confirmed subscriber"]);
    }

    #[test]
    fn an_alarm_on_one_service_or_another_account_watches_a_part_of_the_bill() {
        for part in [("ServiceName", "AmazonEC2"), ("LinkedAccount", "210987654321")] {
            let dimensions = dimensions(&[("Currency", "USD"), part]);
            let said = said_of_alarm(BillingAlarm { dimensions, ..alarm(100.0) });
            assert_eq!(said.details, ["alarm bill-100: watches a part of the bill"]);
        }
    }

    #[test]
    fn an_alarm_on_this_account_by_its_id_counts() {
        let dimensions = dimensions(&[("Currency", "USD"), ("LinkedAccount", "123456789012")]);
        assert_eq!(said_of_alarm(BillingAlarm { dimensions, ..alarm(100.0) }).status, Status::Pass);
    }

    #[test]
    fn an_alarm_without_a_currency_never_has_data() {
        let said = said_of_alarm(BillingAlarm { dimensions: vec![], ..alarm(100.0) });
        assert_eq!(said.details, ["alarm bill-100: lacks the dimension Currency"]);
    }

    #[test]
    fn an_unreadable_topic_is_unknown_unless_another_topic_proves_the_alarm() {
        let said = said_of_alarm(BillingAlarm { actions: vec![unreadable_topic()], ..alarm(100.0) });
        assert_eq!(said.lines, ["unknown 123456789012 global"]);
        let said = said_of_alarm(BillingAlarm { actions: vec![topic(0), unreadable_topic()], ..alarm(100.0) });
        assert_eq!(said.status, Status::Unknown);
        let said = said_of_alarm(BillingAlarm { actions: vec![unreadable_topic(), topic(1)], ..alarm(100.0) });
        assert_eq!(said.status, Status::Pass);
    }

    #[test]
    fn an_unreadable_topic_of_an_alarm_that_cannot_count_does_not_matter() {
        let off = BillingAlarm { actions_enabled: false, actions: vec![unreadable_topic()], ..alarm(100.0) };
        assert_eq!(said_of_alarm(off).status, Status::Fail);
    }

    #[test]
    fn a_budget_of_usage_or_of_one_service_does_not_count() {
        let said = said_of_budget(Budget { budget_type: "USAGE".to_owned(), ..budget(&[80.0]) });
        assert_eq!(said.details, ["budget monthly: does not watch costs"]);
        let said = said_of_budget(Budget { filtered: true, notifications: unreadable(), ..budget(&[]) });
        assert_eq!(said.details, ["budget monthly: watches a part of the bill"]);
        assert_eq!(said.status, Status::Fail);
    }

    #[test]
    fn a_budget_that_tells_nobody_fails() {
        assert_eq!(said_of_budget(budget(&[])).details, ["budget monthly: has no notification"]);
        let mute = BudgetNotification { subscribers: Reading::Read(0), ..percentage(80.0) };
        let said = said_of_budget(Budget { notifications: Reading::Read(vec![mute]), ..budget(&[]) });
        assert_eq!(said.details, ["budget monthly: a notification has no subscriber"]);
    }

    #[test]
    fn unreadable_notifications_or_subscribers_are_unknown() {
        let said = said_of_budget(Budget { notifications: unreadable(), ..budget(&[]) });
        assert_eq!(said.lines, ["unknown 123456789012 global"]);
        let unread = BudgetNotification { subscribers: unreadable(), ..percentage(80.0) };
        let said = said_of_budget(Budget { notifications: Reading::Read(vec![unread]), ..budget(&[]) });
        assert_eq!(said.status, Status::Unknown);
    }

    #[test]
    fn one_unreadable_fact_is_unknown_unless_the_other_proves_the_pass() {
        let proven = Account { billing_alarms: unreadable(), ..with(vec![], vec![budget(&[50.0, 80.0, 100.0])]) };
        let unproven = Account { budgets: unreadable(), ..with(vec![], vec![]) };
        let unproven_too = Account { billing_alarms: unreadable(), ..with(vec![], vec![]) };
        for rule in [&BILLING_ALARM, &BILLING_ALARM_LEVELS] {
            assert_eq!(judge(rule, &proven).lines, ["pass 123456789012 global"]);
            assert_eq!(judge(rule, &unproven).lines, ["unknown 123456789012 global"]);
            assert_eq!(judge(rule, &unproven_too).details, [denied().reason().raw()]);
        }
    }

    #[test]
    fn several_idle_alarms_are_counted_in_one_short_line() {
        let long = BillingAlarm { name: "a".repeat(255), actions_enabled: false, ..alarm(100.0) };
        let said = judge(&BILLING_ALARM, &with(vec![long.clone(), long], vec![budget(&[])]));
        assert_eq!(said.details, [format!("alarm {}: actions are off (and 2 more)", "a".repeat(60))]);
    }

    #[test]
    fn three_amounts_are_enough_levels() {
        let said = judge(&BILLING_ALARM_LEVELS, &with(vec![alarm(500.0), alarm(50.0), alarm(100.5)], vec![]));
        assert_eq!(said.details, ["3 levels: 50.00 to 500.00"]);
        assert_eq!(said.status, Status::Pass);
        assert_eq!(
            judge(&BILLING_ALARM_LEVELS, &with(vec![], vec![budget(&[50.0, 80.0, 100.0])])).status,
            Status::Pass
        );
    }

    #[test]
    fn two_amounts_are_not_enough_levels() {
        let said = judge(&BILLING_ALARM_LEVELS, &with(vec![alarm(50.0), alarm(100.0)], vec![]));
        assert_eq!(said.lines, ["fail 123456789012 global"]);
        assert_eq!(said.details, ["2 levels: 50.00 to 100.00; 3 are asked for"]);
    }

    #[test]
    fn alarms_and_budgets_at_one_amount_are_one_level() {
        let forecasted = BudgetNotification { notification_type: "FORECASTED".to_owned(), ..percentage(80.0) };
        let absolute = BudgetNotification { percentage: false, ..percentage(800.0) };
        let notifications = Reading::Read(vec![percentage(80.0), forecasted, absolute]);
        let account = with(vec![alarm(800.0)], vec![Budget { notifications, ..budget(&[]) }]);
        let said = judge(&BILLING_ALARM_LEVELS, &account);
        assert_eq!(said.details, ["1 level: 800.00; 3 are asked for"]);
    }

    #[test]
    fn levels_without_a_fixed_amount_count_by_name() {
        let anomaly = BillingAlarm { name: "anomaly".to_owned(), threshold: None, ..alarm(0.0) };
        let planned = Budget { limit: None, ..budget(&[80.0, 80.0, 100.0]) };
        let said = judge(&BILLING_ALARM_LEVELS, &with(vec![anomaly], vec![planned]));
        assert_eq!(said.details, ["3 levels without a fixed amount"]);
        assert_eq!(said.status, Status::Pass);
    }

    #[test]
    fn missing_levels_are_unknown_while_an_alarm_could_not_be_read() {
        let unread = BillingAlarm { actions: vec![unreadable_topic()], ..alarm(900.0) };
        let account = with(vec![alarm(50.0), alarm(100.0), unread], vec![]);
        assert_eq!(judge(&BILLING_ALARM_LEVELS, &account).lines, ["unknown 123456789012 global"]);
        assert_eq!(judge(&BILLING_ALARM, &account).status, Status::Pass);
    }
}
