//! CloudWatch, SNS and Budgets: who is told what the account costs.

use std::collections::BTreeSet;

use aws_sdk_cloudwatch::types::{AlarmType, CompositeAlarm, Metric, MetricAlarm};
use futures_util::stream::{FuturesOrdered, StreamExt};
use golive_checks::facts::{AlarmAction, BillingAlarm, Budget, BudgetNotification};
use golive_checks::operations::{
    DESCRIBE_ALARMS, DESCRIBE_BUDGETS, DESCRIBE_NOTIFICATIONS_FOR_BUDGET, DESCRIBE_SUBSCRIBERS_FOR_NOTIFICATION,
    LIST_SUBSCRIPTIONS_BY_TOPIC,
};
use golive_checks::{Reading, Unreadable};

use super::wire::{Once, Wire};

/// Entries of a page: the most that CloudWatch and Budgets allow.
const PAGE: i32 = 100;

/// The region that holds the metric AWS/Billing EstimatedCharges ("Creating a billing alarm to monitor your
/// estimated AWS charges").
fn billing_region(wire: &Wire) -> String {
    match wire.partition.as_str() {
        "aws" => "us-east-1".to_owned(),
        "aws-cn" => "cn-northwest-1".to_owned(),
        _ => wire.home_region.clone(),
    }
}

/// The alarms on EstimatedCharges, with the subscribers that their topics reach.
pub async fn billing_alarms(wire: &Wire) -> Result<Vec<BillingAlarm>, Unreadable> {
    let region = billing_region(wire);
    let (metric, composite) = alarms(wire, &region).await?;
    let topics = Once::default();
    let billing = metric.into_iter().filter(rises).filter_map(|alarm| Some((watched(&alarm)?, alarm)));
    let read = billing.map(|(dimensions, alarm)| billing_alarm(wire, &composite, &topics, alarm, dimensions));
    Ok(read.collect::<FuturesOrdered<_>>().collect().await)
}

async fn alarms(wire: &Wire, region: &str) -> Result<(Vec<MetricAlarm>, Vec<CompositeAlarm>), Unreadable> {
    enum Alarm {
        Metric(Box<MetricAlarm>),
        Composite(Box<CompositeAlarm>),
    }
    let client = wire.client(region, aws_sdk_cloudwatch::Client::new);
    let send = |token| {
        let request =
            client.describe_alarms().alarm_types(AlarmType::MetricAlarm).alarm_types(AlarmType::CompositeAlarm);
        request.max_records(PAGE).set_next_token(token).send()
    };
    let split = |page: aws_sdk_cloudwatch::operation::describe_alarms::DescribeAlarmsOutput| {
        let composite = page.composite_alarms.unwrap_or_default().into_iter().map(|it| Alarm::Composite(Box::new(it)));
        let metric = page.metric_alarms.map(|alarms| {
            alarms.into_iter().map(|it| Alarm::Metric(Box::new(it))).chain(composite).collect::<Vec<_>>()
        });
        (metric, page.next_token)
    };
    let (mut metric, mut composite) = (Vec::new(), Vec::new());
    for alarm in wire.list(DESCRIBE_ALARMS, Some(region), send, split, Ok).await? {
        match alarm {
            Alarm::Metric(alarm) => metric.push(*alarm),
            Alarm::Composite(alarm) => composite.push(*alarm),
        }
    }
    Ok((metric, composite))
}

/// Whether an alarm goes off when its metric rises. One that waits for low charges tells nobody of high ones.
fn rises(alarm: &MetricAlarm) -> bool {
    alarm
        .comparison_operator()
        .is_none_or(|operator| !operator.as_str().starts_with("LessThan") || operator.as_str().contains("Greater"))
}

/// The dimensions of EstimatedCharges that an alarm watches, by itself or in metric math; none when it watches
/// something else.
fn watched(alarm: &MetricAlarm) -> Option<Vec<(String, String)>> {
    let dimensions = |dimensions: &[aws_sdk_cloudwatch::types::Dimension]| {
        let pair = |it: &aws_sdk_cloudwatch::types::Dimension| {
            (it.name().unwrap_or_default().to_owned(), it.value().unwrap_or_default().to_owned())
        };
        dimensions.iter().map(pair).collect()
    };
    if alarm.namespace() == Some("AWS/Billing") && alarm.metric_name() == Some("EstimatedCharges") {
        return Some(dimensions(alarm.dimensions()));
    }
    let charges = |metric: &&Metric| {
        metric.namespace() == Some("AWS/Billing") && metric.metric_name() == Some("EstimatedCharges")
    };
    let metrics = alarm.metrics().iter().filter_map(|query| query.metric_stat()?.metric());
    metrics.filter(charges).map(|metric| dimensions(metric.dimensions())).next()
}

async fn billing_alarm(
    wire: &Wire,
    composite: &[CompositeAlarm],
    topics: &Once<String, Result<u32, Unreadable>>,
    alarm: MetricAlarm,
    dimensions: Vec<(String, String)>,
) -> BillingAlarm {
    let name = alarm.alarm_name.clone().unwrap_or_default();
    let own = if alarm.actions_enabled == Some(false) { &[] } else { alarm.alarm_actions() };
    let over = composite.iter().filter(|parent| parent.actions_enabled != Some(false) && speaks_of(parent, &alarm));
    let arns: BTreeSet<&String> = own.iter().chain(over.flat_map(|parent| parent.alarm_actions())).collect();
    let actions_enabled = alarm.actions_enabled != Some(false) || !arns.is_empty();
    let actions = arns.into_iter().map(async |arn| {
        let confirmed = if arn.split(':').nth(2) == Some("sns") {
            Some(Reading::from(topics.get(arn, confirmed_subscriptions(wire, arn)).await))
        } else {
            None
        };
        AlarmAction { arn: arn.clone(), confirmed_subscriptions: confirmed }
    });
    let actions = actions.collect::<FuturesOrdered<_>>().collect().await;
    BillingAlarm { name, threshold: alarm.threshold, dimensions, actions_enabled, actions }
}

/// Whether a composite alarm goes off with `alarm`: its rule says `ALARM("name")` or `ALARM(arn)`.
fn speaks_of(parent: &CompositeAlarm, alarm: &MetricAlarm) -> bool {
    let rule: String = parent.alarm_rule().unwrap_or_default().replace(['"', '\''], "");
    [alarm.alarm_name(), alarm.alarm_arn()]
        .into_iter()
        .flatten()
        .any(|name| rule.contains(&format!("ALARM({name})")) || rule.contains(&format!("ALARM( {name} )")))
}

/// How many subscriptions of a topic are confirmed; 0 for a topic that no longer is.
async fn confirmed_subscriptions(wire: &Wire, topic: &str) -> Result<u32, Unreadable> {
    let region = topic.split(':').nth(3).filter(|region| !region.is_empty()).unwrap_or(&wire.home_region);
    let client = wire.client(region, aws_sdk_sns::Client::new);
    let send = |token| client.list_subscriptions_by_topic().topic_arn(topic).set_next_token(token).send();
    let split = |page: aws_sdk_sns::operation::list_subscriptions_by_topic::ListSubscriptionsByTopicOutput| {
        (page.subscriptions, page.next_token)
    };
    let convert = |subscription: aws_sdk_sns::types::Subscription| {
        // A confirmed subscription has an ARN; another says `PendingConfirmation` or `Deleted` in its place.
        subscription.subscription_arn.map(|arn| arn.starts_with("arn:")).ok_or("SubscriptionArn")
    };
    match wire.list(LIST_SUBSCRIPTIONS_BY_TOPIC, Some(region), send, split, convert).await {
        Ok(confirmed) => Ok(confirmed.into_iter().map(u32::from).sum()),
        Err(failure) if failure.is(&["NotFound", "NotFoundException"]) => Ok(0),
        Err(failure) => Err(failure.unreadable.about(topic)),
    }
}

/// The account's budgets with their notifications.
pub async fn budgets(wire: &Wire) -> Result<Vec<Budget>, Unreadable> {
    let client = wire.client(&billing_region(wire), aws_sdk_budgets::Client::new);
    let account = &wire.account_id;
    let send = |token| {
        client
            .describe_budgets()
            .account_id(account)
            .show_filter_expression(true)
            .max_results(PAGE)
            .set_next_token(token)
            .send()
    };
    // An account without budgets is answered with no list at all.
    let split = |page: aws_sdk_budgets::operation::describe_budgets::DescribeBudgetsOutput| {
        (Some(page.budgets.unwrap_or_default()), page.next_token)
    };
    let listed = wire.list(DESCRIBE_BUDGETS, None, send, split, Ok).await?;
    let read = listed.into_iter().map(async |budget: aws_sdk_budgets::types::Budget| {
        let limit = budget.budget_limit.as_ref().and_then(|limit| limit.amount.parse().ok());
        let filtered = budget.filter_expression.is_some() || !only_this_account(&budget, account);
        Budget {
            notifications: notifications(wire, &client, &budget.budget_name).await.into(),
            budget_type: budget.budget_type.as_str().to_owned(),
            limit,
            filtered,
            name: budget.budget_name,
        }
    });
    Ok(read.collect::<FuturesOrdered<_>>().collect().await)
}

/// Whether the filters in the older form, if there are any, name nothing but this account.
#[allow(deprecated, reason = "budgets made in the older form still have only this field")]
fn only_this_account(budget: &aws_sdk_budgets::types::Budget, account: &str) -> bool {
    let mut filters = budget.cost_filters.iter().flatten();
    filters.all(|(name, values)| name == "LinkedAccount" && values.iter().all(|value| value == account))
}

async fn notifications(
    wire: &Wire,
    client: &aws_sdk_budgets::Client,
    budget: &str,
) -> Result<Vec<BudgetNotification>, Unreadable> {
    let account = &wire.account_id;
    let send = |token| {
        let request = client.describe_notifications_for_budget().account_id(account).budget_name(budget);
        request.max_results(PAGE).set_next_token(token).send()
    };
    let split =
        |page: aws_sdk_budgets::operation::describe_notifications_for_budget::DescribeNotificationsForBudgetOutput| {
            (Some(page.notifications.unwrap_or_default()), page.next_token)
        };
    let listed = wire.list(DESCRIBE_NOTIFICATIONS_FOR_BUDGET, None, send, split, Ok).await;
    let listed = listed.map_err(|failure| failure.unreadable.about(budget))?;
    let rises = |notification: &aws_sdk_budgets::types::Notification| {
        notification.comparison_operator.as_str() == "GREATER_THAN"
    };
    let read = listed.into_iter().filter(rises).map(async |notification| BudgetNotification {
        notification_type: notification.notification_type.as_str().to_owned(),
        threshold: notification.threshold,
        percentage: notification.threshold_type.as_ref().is_none_or(|kind| kind.as_str() == "PERCENTAGE"),
        subscribers: subscribers(wire, client, budget, notification).await.into(),
    });
    Ok(read.collect::<FuturesOrdered<_>>().collect().await)
}

async fn subscribers(
    wire: &Wire,
    client: &aws_sdk_budgets::Client,
    budget: &str,
    notification: aws_sdk_budgets::types::Notification,
) -> Result<u32, Unreadable> {
    let account = &wire.account_id;
    let send = |token| {
        let request = client.describe_subscribers_for_notification().account_id(account).budget_name(budget);
        request.notification(notification.clone()).max_results(PAGE).set_next_token(token).send()
    };
    let split = |page: aws_sdk_budgets::operation::describe_subscribers_for_notification::DescribeSubscribersForNotificationOutput| {
        (page.subscribers, page.next_token)
    };
    match wire.list(DESCRIBE_SUBSCRIBERS_FOR_NOTIFICATION, None, send, split, |_| Ok(())).await {
        Ok(subscribers) => Ok(u32::try_from(subscribers.len()).unwrap_or(u32::MAX)),
        Err(failure) => Err(failure.unreadable.about(budget)),
    }
}
