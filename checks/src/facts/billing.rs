//! CloudWatch and Budgets: who is told what the account costs.

use serde::{Deserialize, Serialize};

use crate::Reading;

/// A CloudWatch alarm on the metric AWS/Billing EstimatedCharges.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BillingAlarm {
    /// Its name.
    pub name: String,
    /// The amount; none for anomaly detection.
    pub threshold: Option<f64>,
    /// The dimensions of the metric, such as `Currency` = `USD` or `ServiceName` = `AmazonEC2`.
    pub dimensions: Vec<(String, String)>,
    /// Its actions are switched on.
    pub actions_enabled: bool,
    /// What happens when it goes into ALARM: its own actions, and those of composite alarms over it.
    pub actions: Vec<AlarmAction>,
}

/// An action of an alarm.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlarmAction {
    /// The ARN of a topic, function, …
    pub arn: String,
    /// For an SNS topic: its confirmed subscriptions; 0 also where the topic is gone. None for what is not a
    /// topic.
    pub confirmed_subscriptions: Option<Reading<u32>>,
}

/// An AWS budget.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    /// Its name.
    pub name: String,
    /// `COST`, `USAGE`, `RI_UTILIZATION`, …
    pub budget_type: String,
    /// The budgeted amount; none where AWS plans it month by month.
    pub limit: Option<f64>,
    /// It watches a part of the bill only: one service, region, tag, …
    pub filtered: bool,
    /// Its notifications.
    pub notifications: Reading<Vec<BudgetNotification>>,
}

/// A notification of a budget.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BudgetNotification {
    /// `ACTUAL` or `FORECASTED`
    pub notification_type: String,
    /// An amount, or a percentage of the limit.
    pub threshold: f64,
    /// The threshold is a percentage.
    pub percentage: bool,
    /// How many subscribers it has (e-mail addresses and topics); the addresses are not kept.
    pub subscribers: Reading<u32>,
}
