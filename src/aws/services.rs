//! Lambda, ECS, Systems Manager, Secrets Manager, and the services that watch an account, in one region.

use std::collections::BTreeSet;

use aws_sdk_accessanalyzer::types::AnalyzerStatus;
use aws_sdk_account::types::AlternateContactType;
use aws_sdk_config::types::{RecorderStatus, RecordingStrategyType};
use aws_sdk_guardduty::types::DetectorStatus;
use aws_sdk_ssm::types::PingStatus;
use futures_util::stream::{FuturesOrdered, FuturesUnordered, TryStreamExt};
use golive_checks::facts::{
    Analyzer, ConfigRecorder, InspectorStatus, LambdaFunction, ManagedInstance, PatchState, Secret, SsmParameter,
    TaskDefinition,
};
use golive_checks::operations::{
    BATCH_GET_ACCOUNT_STATUS, DESCRIBE_CONFIGURATION_RECORDER_STATUS, DESCRIBE_CONFIGURATION_RECORDERS, DESCRIBE_HUB,
    DESCRIBE_INSTANCE_INFORMATION, DESCRIBE_INSTANCE_PATCH_STATES, DESCRIBE_PARAMETERS, DESCRIBE_SERVICES,
    DESCRIBE_TASK_DEFINITION, GET_ALTERNATE_CONTACT, GET_DETECTOR, LIST_ANALYZERS, LIST_CLUSTERS, LIST_DETECTORS,
    LIST_FUNCTIONS, LIST_SECRETS, LIST_SERVICES,
};
use golive_checks::secrets::is_plaintext;
use golive_checks::{Cause, Operation, Reading, Unreadable};
use jiff::Timestamp;

use super::wire::{Once, Wire};

/// Entries of a page: the most that these lists allow.
const FUNCTIONS_PAGE: i32 = 50;
const ECS_PAGE: i32 = 100;
const SERVICES_AT_ONCE: usize = 10;
const PARAMETERS_PAGE: i32 = 50;
const SECRETS_PAGE: i32 = 100;
const MACHINES_PAGE: i32 = 50;
const MACHINES_AT_ONCE: usize = 50;
const DETECTORS_PAGE: i32 = 50;

fn lacks(operation: Operation, region: &str, what: &str) -> Unreadable {
    Unreadable::malformed(operation, Some(region), format!("the answer lacks {what}"))
}

/// The functions of a region. Their variables are looked at, and only names are kept.
pub async fn lambda_functions(wire: &Wire, region: &str) -> Result<Vec<LambdaFunction>, Unreadable> {
    let client = wire.client(region, aws_sdk_lambda::Client::new);
    let send = |marker| client.list_functions().max_items(FUNCTIONS_PAGE).set_marker(marker).send();
    let convert = |function: aws_sdk_lambda::types::FunctionConfiguration| {
        let name = function.function_name.ok_or("FunctionName")?;
        let plaintext_secrets = match function.environment {
            // Lambda could not decrypt them for the caller.
            Some(environment) if environment.error.is_some() => {
                let message = "its environment is encrypted with a key that the caller may not use";
                Reading::Unreadable(Unreadable::new(LIST_FUNCTIONS, Some(region), Cause::Denied, message).about(&name))
            }
            environment => {
                let variables = environment.and_then(|environment| environment.variables).unwrap_or_default();
                Reading::Read(plaintext(variables.iter().map(|(name, value)| (name.clone(), value.as_str()))))
            }
        };
        Ok(LambdaFunction { name, plaintext_secrets })
    };
    let split =
        |page: aws_sdk_lambda::operation::list_functions::ListFunctionsOutput| (page.functions, page.next_marker);
    Ok(wire.list(LIST_FUNCTIONS, Some(region), send, split, convert).await?)
}

/// The names of the variables that hold a secret in plain text, sorted.
fn plaintext<'a>(variables: impl Iterator<Item = (String, &'a str)>) -> Vec<String> {
    let secret = variables.filter(|(name, value)| is_plaintext(name.rsplit(' ').next().unwrap_or(name), value));
    let names: BTreeSet<String> = secret.map(|(name, _)| name).collect();
    names.into_iter().collect()
}

/// The task definitions that services use, each read once.
pub async fn task_definitions(wire: &Wire, region: &str) -> Result<Vec<TaskDefinition>, Unreadable> {
    let client = wire.client(region, aws_sdk_ecs::Client::new);
    let send = |token| client.list_clusters().max_results(ECS_PAGE).set_next_token(token).send();
    let split = |page: aws_sdk_ecs::operation::list_clusters::ListClustersOutput| (page.cluster_arns, page.next_token);
    let clusters = wire.list(LIST_CLUSTERS, Some(region), send, split, Ok).await?;
    let used = clusters.iter().map(|cluster| used_definitions(wire, region, cluster));
    let used: Vec<Vec<String>> = used.collect::<FuturesUnordered<_>>().try_collect().await?;
    let used: BTreeSet<String> = used.into_iter().flatten().collect();
    let read = used.iter().map(|definition| task_definition(wire, region, definition));
    read.collect::<FuturesOrdered<_>>().try_collect().await
}

async fn used_definitions(wire: &Wire, region: &str, cluster: &str) -> Result<Vec<String>, Unreadable> {
    let client = wire.client(region, aws_sdk_ecs::Client::new);
    let send = |token| client.list_services().cluster(cluster).max_results(ECS_PAGE).set_next_token(token).send();
    let split = |page: aws_sdk_ecs::operation::list_services::ListServicesOutput| (page.service_arns, page.next_token);
    let services = wire.list(LIST_SERVICES, Some(region), send, split, Ok).await?;
    let mut definitions = Vec::new();
    for services in services.chunks(SERVICES_AT_ONCE) {
        let request = client.describe_services().cluster(cluster).set_services(Some(services.to_vec()));
        let answer = wire.call(DESCRIBE_SERVICES, Some(region), || request.clone().send()).await?;
        let described = answer.services.ok_or_else(|| lacks(DESCRIBE_SERVICES, region, "services"))?;
        // One that is missing was deleted since it was listed.
        let failed = answer.failures.into_iter().flatten().find(|failure| failure.reason.as_deref() != Some("MISSING"));
        if let Some(failure) = failed {
            let message = format!("a service was not described: {}", failure.reason.unwrap_or_default());
            return Err(Unreadable::new(DESCRIBE_SERVICES, Some(region), Cause::Fault, message));
        }
        // Services with a deployment controller of their own name definitions in their task sets.
        definitions.extend(described.into_iter().flat_map(|service| {
            let sets = service.task_sets.unwrap_or_default().into_iter().filter_map(|set| set.task_definition);
            service.task_definition.into_iter().chain(sets).collect::<Vec<_>>()
        }));
    }
    Ok(definitions)
}

async fn task_definition(wire: &Wire, region: &str, arn: &str) -> Result<TaskDefinition, Unreadable> {
    let operation = DESCRIBE_TASK_DEFINITION;
    let request = wire.client(region, aws_sdk_ecs::Client::new).describe_task_definition().task_definition(arn);
    let answer = wire.call(operation, Some(region), || request.clone().send()).await?;
    let definition = answer.task_definition.ok_or_else(|| lacks(operation, region, "taskDefinition"))?;
    let variables = definition.container_definitions().iter().flat_map(|container| {
        let name = container.name().unwrap_or_default();
        container
            .environment()
            .iter()
            .filter_map(move |variable| Some((format!("{name} {}", variable.name()?), variable.value()?)))
    });
    Ok(TaskDefinition {
        plaintext_secrets: plaintext(variables),
        id: arn.rsplit('/').next().unwrap_or_default().to_owned(),
    })
}

pub async fn ssm_parameters(wire: &Wire, region: &str) -> Result<Vec<SsmParameter>, Unreadable> {
    let client = wire.client(region, aws_sdk_ssm::Client::new);
    let send = |token| client.describe_parameters().max_results(PARAMETERS_PAGE).set_next_token(token).send();
    let convert = |parameter: aws_sdk_ssm::types::ParameterMetadata| {
        Ok(SsmParameter {
            name: parameter.name.ok_or("Name")?,
            kind: parameter.r#type.ok_or("Type")?.as_str().to_owned(),
        })
    };
    let split = |page: aws_sdk_ssm::operation::describe_parameters::DescribeParametersOutput| {
        (page.parameters, page.next_token)
    };
    Ok(wire.list(DESCRIBE_PARAMETERS, Some(region), send, split, convert).await?)
}

pub async fn secrets(wire: &Wire, region: &str) -> Result<Vec<Secret>, Unreadable> {
    let client = wire.client(region, aws_sdk_secretsmanager::Client::new);
    let send = |token| client.list_secrets().max_results(SECRETS_PAGE).set_next_token(token).send();
    let convert = |secret: aws_sdk_secretsmanager::types::SecretListEntry| {
        let changed = secret.last_changed_date.or(secret.created_date);
        Ok(Secret {
            name: secret.name.ok_or("Name")?,
            owning_service: secret.owning_service.filter(|service| !service.is_empty()),
            rotates: secret.rotation_enabled.unwrap_or_default(),
            changed: changed.map(timestamp).transpose()?,
        })
    };
    let split =
        |page: aws_sdk_secretsmanager::operation::list_secrets::ListSecretsOutput| (page.secret_list, page.next_token);
    Ok(wire.list(LIST_SECRETS, Some(region), send, split, convert).await?)
}

fn timestamp(time: aws_smithy_types::DateTime) -> Result<Timestamp, &'static str> {
    Timestamp::from_second(time.secs()).map_err(|_| "a valid date")
}

/// The machines of the regions, listed once for all facts that are made of them.
#[derive(Debug, Default)]
pub struct Machines(Once<String, Result<Vec<ManagedInstance>, Unreadable>>);

impl Machines {
    pub async fn list(&self, wire: &Wire, region: &String) -> Result<Vec<ManagedInstance>, Unreadable> {
        self.0.get(region, managed_instances(wire, region)).await
    }

    /// What Patch Manager last found on them, fifty at a time.
    pub async fn patch_states(&self, wire: &Wire, region: &String) -> Result<Vec<PatchState>, Unreadable> {
        let operation = DESCRIBE_INSTANCE_PATCH_STATES;
        let client = wire.client(region, aws_sdk_ssm::Client::new);
        let ids: Vec<String> = self.list(wire, region).await?.into_iter().map(|machine| machine.id).collect();
        let mut states = Vec::new();
        for ids in ids.chunks(MACHINES_AT_ONCE) {
            let send = |token| {
                let request = client.describe_instance_patch_states().set_instance_ids(Some(ids.to_vec()));
                request.set_next_token(token).send()
            };
            let convert = |state: aws_sdk_ssm::types::InstancePatchState| {
                Ok(PatchState {
                    missing_or_failed: state.missing_count + state.failed_count,
                    looked_at: Some(timestamp(state.operation_end_time)?),
                    instance_id: state.instance_id,
                })
            };
            let split =
                |page: aws_sdk_ssm::operation::describe_instance_patch_states::DescribeInstancePatchStatesOutput| {
                    (page.instance_patch_states, page.next_token)
                };
            states.extend(wire.list(operation, Some(region), send, split, convert).await?);
        }
        Ok(states)
    }
}

async fn managed_instances(wire: &Wire, region: &str) -> Result<Vec<ManagedInstance>, Unreadable> {
    let client = wire.client(region, aws_sdk_ssm::Client::new);
    let send = |token| client.describe_instance_information().max_results(MACHINES_PAGE).set_next_token(token).send();
    let convert = |machine: aws_sdk_ssm::types::InstanceInformation| {
        Ok(ManagedInstance {
            id: machine.instance_id.ok_or("InstanceId")?,
            online: machine.ping_status == Some(PingStatus::Online),
        })
    };
    let split = |page: aws_sdk_ssm::operation::describe_instance_information::DescribeInstanceInformationOutput| {
        (page.instance_information_list, page.next_token)
    };
    Ok(wire.list(DESCRIBE_INSTANCE_INFORMATION, Some(region), send, split, convert).await?)
}

pub async fn inspector_status(wire: &Wire, region: &str) -> Result<InspectorStatus, Unreadable> {
    let operation = BATCH_GET_ACCOUNT_STATUS;
    let request = wire.client(region, aws_sdk_inspector2::Client::new).batch_get_account_status();
    let request = request.account_ids(&wire.account_id);
    let answer = wire.call(operation, Some(region), || request.clone().send()).await?;
    let account = answer.accounts.into_iter().next().ok_or_else(|| lacks(operation, region, "the account"))?;
    let resources = account.resource_state.ok_or_else(|| lacks(operation, region, "resourceState"))?;
    let state = |state: Option<aws_sdk_inspector2::types::State>| state.map(|state| state.status.as_str().to_owned());
    Ok(InspectorStatus {
        ec2: state(resources.ec2).ok_or_else(|| lacks(operation, region, "ec2"))?,
        ecr: state(resources.ecr).ok_or_else(|| lacks(operation, region, "ecr"))?,
        lambda: state(resources.lambda),
    })
}

/// Whether a region has a detector that is enabled.
pub async fn guard_duty(wire: &Wire, region: &str) -> Result<bool, Unreadable> {
    let client = wire.client(region, aws_sdk_guardduty::Client::new);
    let send = |token| client.list_detectors().max_results(DETECTORS_PAGE).set_next_token(token).send();
    let split =
        |page: aws_sdk_guardduty::operation::list_detectors::ListDetectorsOutput| (page.detector_ids, page.next_token);
    for detector in wire.list(LIST_DETECTORS, Some(region), send, split, Ok).await? {
        let request = client.get_detector().detector_id(detector);
        let answer = wire.call(GET_DETECTOR, Some(region), || request.clone().send()).await?;
        if answer.status == Some(DetectorStatus::Enabled) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether Security Hub is on. Where it is not, it answers that the account is not subscribed.
pub async fn security_hub(wire: &Wire, region: &str) -> Result<bool, Unreadable> {
    let client = wire.client(region, aws_sdk_securityhub::Client::new);
    match wire.call(DESCRIBE_HUB, Some(region), || client.describe_hub().send()).await {
        Ok(answer) => Ok(answer.hub_arn.is_some()),
        Err(failure) if failure.is(&["InvalidAccessException", "ResourceNotFoundException"]) => Ok(false),
        Err(failure) => Err(failure.into()),
    }
}

pub async fn config_recorders(wire: &Wire, region: &str) -> Result<Vec<ConfigRecorder>, Unreadable> {
    let client = wire.client(region, aws_sdk_config::Client::new);
    let recorders = DESCRIBE_CONFIGURATION_RECORDERS;
    let statuses = DESCRIBE_CONFIGURATION_RECORDER_STATUS;
    let (listed, states) = tokio::join!(
        wire.call(recorders, Some(region), || client.describe_configuration_recorders().send()),
        wire.call(statuses, Some(region), || client.describe_configuration_recorder_status().send()),
    );
    let listed = listed?.configuration_recorders.ok_or_else(|| lacks(recorders, region, "ConfigurationRecorders"))?;
    let states = states?.configuration_recorders_status;
    let states = states.ok_or_else(|| lacks(statuses, region, "ConfigurationRecordersStatus"))?;
    let convert = |recorder: aws_sdk_config::types::ConfigurationRecorder| {
        let name = recorder.name.ok_or_else(|| lacks(recorders, region, "name"))?;
        let state = states.iter().find(|state| state.name.as_deref() == Some(&name));
        let state = state.ok_or_else(|| lacks(statuses, region, "the status of a recorder"))?;
        let group = recorder.recording_group;
        let strategy = group.as_ref().and_then(|group| group.recording_strategy.as_ref()?.use_only.clone());
        Ok(ConfigRecorder {
            recording: state.recording,
            fails: state.last_status == Some(RecorderStatus::Failure),
            // Without a group, AWS records all.
            records_all: group.is_none_or(|group| group.all_supported)
                || strategy == Some(RecordingStrategyType::ExclusionByResourceTypes),
            name,
        })
    };
    listed.into_iter().map(convert).collect()
}

pub async fn analyzers(wire: &Wire, region: &str) -> Result<Vec<Analyzer>, Unreadable> {
    let client = wire.client(region, aws_sdk_accessanalyzer::Client::new);
    let send = |token| client.list_analyzers().set_next_token(token).send();
    let convert = |analyzer: aws_sdk_accessanalyzer::types::AnalyzerSummary| {
        Ok(Analyzer {
            active: analyzer.status == AnalyzerStatus::Active,
            kind: analyzer.r#type.as_str().to_owned(),
            name: analyzer.name,
        })
    };
    let split = |page: aws_sdk_accessanalyzer::operation::list_analyzers::ListAnalyzersOutput| {
        (Some(page.analyzers), page.next_token)
    };
    Ok(wire.list(LIST_ANALYZERS, Some(region), send, split, convert).await?)
}

/// Whether the account has an alternate contact for security. Who that is, is dropped here.
pub async fn security_contact(wire: &Wire) -> Result<bool, Unreadable> {
    let request = wire.client(&wire.home_region, aws_sdk_account::Client::new).get_alternate_contact();
    let request = request.alternate_contact_type(AlternateContactType::Security);
    match wire.call(GET_ALTERNATE_CONTACT, None, || request.clone().send()).await {
        Ok(answer) => Ok(answer.alternate_contact.is_some()),
        Err(failure) if failure.is(&["ResourceNotFoundException"]) => Ok(false),
        Err(failure) => Err(failure.into()),
    }
}
