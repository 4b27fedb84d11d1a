//! The items of the section `continuous-integration`: how code becomes a tested, versioned artifact.

use crate::{Decides, Item, Reference};

/// The items in checklist order.
pub const ITEMS: &[&Item] = &[
    &PICK_A_VERSION_CONTROL_SYSTEM,
    &DO_CODE_REVIEWS,
    &CONFIGURE_A_BUILD_SYSTEM,
    &USE_DEPENDENCY_MANAGEMENT,
    &CONFIGURE_STATIC_ANALYSIS,
    &SET_UP_AUTOMATIC_CODE_FORMATTING,
    &SET_UP_AUTOMATED_TESTS,
    &PUBLISH_VERSIONED_ARTIFACTS,
    &SET_UP_A_BUILD_SERVER,
];

const PICK_A_VERSION_CONTROL_SYSTEM: Item = Item {
    id: "continuous-integration/pick-a-version-control-system",
    title: "Pick a Version Control System",
    decides: Decides::Human,
    what: "All code, infrastructure and build scripts included, is kept in a version control system, in practice Git, \
           hosted where the whole team can reach it, such as GitHub, GitLab or Bitbucket.",
    why: "Code that exists only on a laptop or a server has no history to search, cannot be rolled back, and is lost \
          with the disk that holds it.",
    confirm: "Take a list of everything that runs in production and name the repository of each. Make a fresh clone \
              and build it on a machine that never built it before; note what was missing, and who administers the \
              host.",
    references: &[
        Reference { title: "Pro Git (Git)", url: "https://git-scm.com/book/en/v2" },
        Reference {
            title: "About Git (GitHub Docs)",
            url: "https://docs.github.com/en/get-started/using-git/about-git",
        },
    ],
    rules: &[],
    evidence: &[],
    pending: &[],
};

const DO_CODE_REVIEWS: Item = Item {
    id: "continuous-integration/do-code-reviews",
    title: "Do code reviews",
    decides: Decides::Human,
    what: "Every change is read and approved by somebody other than its author before it reaches the main branch, \
           through pull or merge requests, and the host of the repository enforces it.",
    why: "Unreviewed changes carry the author's blind spots straight to production, and a single stolen developer \
          account is enough to ship malicious code.",
    confirm: "Open the branch protection or rulesets of each production repository: a required approval, no direct \
              pushes, no bypass for administrators. Look through the last twenty commits on the main branch for any \
              that came without a review, and note the count.",
    references: &[
        Reference {
            title: "About protected branches (GitHub Docs)",
            url: "https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/\
                  managing-protected-branches/about-protected-branches",
        },
        Reference {
            title: "Google Engineering Practices: code review (Google)",
            url: "https://google.github.io/eng-practices/review/",
        },
    ],
    rules: &[],
    evidence: &[],
    pending: &[],
};

const CONFIGURE_A_BUILD_SYSTEM: Item = Item {
    id: "continuous-integration/configure-a-build-system",
    title: "Configure a build system",
    decides: Decides::Human,
    what: "Each project has a build tool, such as Gradle, npm, Cargo or Make, and one documented command that \
           compiles, checks and packages it, the same for developers and for CI.",
    why: "A build that lives in somebody's memory gives a different result on each machine and cannot be repeated when \
          that person is away during an incident.",
    confirm: "Clone the repository on a clean machine or into an empty container and run the command that its README \
              names. Check that the CI configuration calls the same command, and note both together with how long the \
              build takes.",
    references: &[
        Reference {
            title: "Build specification reference for CodeBuild",
            url: "https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html",
        },
        Reference {
            title: "Gradle User Manual (Gradle)",
            url: "https://docs.gradle.org/current/userguide/userguide.html",
        },
    ],
    rules: &[],
    evidence: &[],
    pending: &[],
};

const USE_DEPENDENCY_MANAGEMENT: Item = Item {
    id: "continuous-integration/use-dependency-management",
    title: "Use dependency management",
    decides: Decides::Human,
    what: "Every library is declared with its version, and a lock file under version control, such as \
           `package-lock.json`, `Cargo.lock` or `go.sum`, fixes or verifies the indirect ones as well.",
    why: "Without it two builds of the same commit differ, a broken or hijacked release of a library goes live by \
          itself, and nobody can tell whether a new vulnerability concerns you.",
    confirm: "Check that the lock files are committed and that CI installs strictly from them (`npm ci`, `cargo build \
              --locked`). Look for a tool that reports outdated or vulnerable versions, such as Dependabot or \
              Renovate, and note when its last update was merged.",
    references: &[
        Reference {
            title: "package-lock.json (npm Docs)",
            url: "https://docs.npmjs.com/cli/v10/configuring-npm/package-lock-json",
        },
        Reference {
            title: "Cargo.toml vs Cargo.lock (The Cargo Book)",
            url: "https://doc.rust-lang.org/cargo/guide/cargo-toml-vs-cargo-lock.html",
        },
        Reference {
            title: "About Dependabot version updates (GitHub Docs)",
            url: "https://docs.github.com/en/code-security/dependabot/dependabot-version-updates/\
                  about-dependabot-version-updates",
        },
    ],
    rules: &[],
    evidence: &[],
    pending: &[],
};

const CONFIGURE_STATIC_ANALYSIS: Item = Item {
    id: "continuous-integration/configure-static-analysis",
    title: "Configure static analysis",
    decides: Decides::Human,
    what: "Linters, security scanners and a measure of test coverage run over the code in every build, and a serious \
           finding fails it.",
    why: "Whole classes of mistakes, such as an ignored error, an injectable query or a secret in the source, can be \
          found by a machine in minutes and otherwise wait for a customer or an attacker.",
    confirm: "Find the tools' configuration in the repository and their step in the CI pipeline. Push a deliberate \
              violation on a branch and check that the build turns red; note the tools, and how many findings are \
              suppressed.",
    references: &[
        Reference {
            title: "Source Code Analysis Tools (OWASP)",
            url: "https://owasp.org/www-community/Source_Code_Analysis_Tools",
        },
        Reference {
            title: "About code scanning (GitHub Docs)",
            url: "https://docs.github.com/en/code-security/code-scanning/introduction-to-code-scanning/\
                  about-code-scanning",
        },
    ],
    rules: &[],
    evidence: &[],
    pending: &[],
};

const SET_UP_AUTOMATIC_CODE_FORMATTING: Item = Item {
    id: "continuous-integration/set-up-automatic-code-formatting",
    title: "Set up automatic code formatting",
    decides: Decides::Human,
    what: "A formatter, such as gofmt, rustfmt, Prettier, Black or `terraform fmt`, writes all code in one style, and \
           CI refuses code that is not formatted.",
    why: "Mixed styles fill reviews with noise, so the lines that matter are overlooked, and merges collide over blank \
          space.",
    confirm: "Run the formatter in check mode over the whole repository, for example `terraform fmt -check -recursive` \
              or `prettier --check .`: it must report nothing. Check that CI runs the same command, and note it.",
    references: &[
        Reference {
            title: "terraform fmt command reference (HashiCorp)",
            url: "https://developer.hashicorp.com/terraform/cli/commands/fmt",
        },
        Reference { title: "go fmt your code (The Go Blog)", url: "https://go.dev/blog/gofmt" },
    ],
    rules: &[],
    evidence: &[],
    pending: &[],
};

const SET_UP_AUTOMATED_TESTS: Item = Item {
    id: "continuous-integration/set-up-automated-tests",
    title: "Set up automated tests",
    decides: Decides::Human,
    what: "Automated tests cover what the product must not get wrong, run by one command of the build and again in CI \
           on each commit, and a failure blocks the merge.",
    why: "Without them each release is checked by hand or not at all, and a change in one place breaks another that \
          nobody thought of.",
    confirm: "Run the tests from a fresh clone and look at the last CI runs on the main branch. Break one important \
              behaviour on a branch and check that a test fails; note the number of tests, their duration and which \
              are skipped or flaky.",
    references: &[
        Reference {
            title: "Test reports in AWS CodeBuild",
            url: "https://docs.aws.amazon.com/codebuild/latest/userguide/test-reporting.html",
        },
        Reference {
            title: "The Practical Test Pyramid (martinfowler.com)",
            url: "https://martinfowler.com/articles/practical-test-pyramid.html",
        },
    ],
    rules: &[],
    evidence: &[],
    pending: &[],
};

const PUBLISH_VERSIONED_ARTIFACTS: Item = Item {
    id: "continuous-integration/publish-versioned-artifacts",
    title: "Publish versioned artifacts",
    decides: Decides::Partly,
    what: "The build packs the application into an artifact that never changes afterwards, such as an image in Amazon \
           ECR or an AMI, with a unique version that leads back to its commit. Deployments name that version and never \
           `latest`.",
    why: "If a tag can move, a restarted task may run other code than its neighbour, and there is no known good \
          version to go back to.",
    confirm: "Pick a running task or instance, read the version of its image or AMI and find the commit that it was \
              built from. Check in ECR that tags are immutable and in the ECS task definitions that images name a \
              version or a digest; note one example end to end.",
    references: &[
        Reference {
            title: "Preventing image tags from being overwritten in Amazon ECR",
            url: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html",
        },
        Reference { title: "Semantic Versioning (semver.org)", url: "https://semver.org/" },
    ],
    rules: &[],
    evidence: &[],
    pending: &["immutable image tags in ECR", "ECS task definitions that name an exact image version"],
};

const SET_UP_A_BUILD_SERVER: Item = Item {
    id: "continuous-integration/set-up-a-build-server",
    title: "Set up a build server",
    decides: Decides::Partly,
    what: "A CI system, such as AWS CodeBuild, GitHub Actions, GitLab CI or Jenkins, builds and checks every commit. \
           It reaches AWS through an IAM role, by OpenID Connect where it runs outside, and holds no long-lived access \
           keys.",
    why: "Checks that people must remember to run are skipped when time is short. The access keys of a CI system are a \
          favourite loot: they are widely copied and allow a lot.",
    confirm: "Look at the last commits on the main branch: each has a finished CI run. In the IAM console check \
              Identity providers for the CI system, the conditions in the trust policy of its role, and that no IAM \
              user with access keys serves it; note the role.",
    references: &[
        Reference {
            title: "OIDC federation",
            url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc.html",
        },
        Reference {
            title: "Configuring OpenID Connect in Amazon Web Services (GitHub Docs)",
            url: "https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws",
        },
        Reference {
            title: "What is AWS CodeBuild?",
            url: "https://docs.aws.amazon.com/codebuild/latest/userguide/welcome.html",
        },
    ],
    rules: &[],
    evidence: &[],
    pending: &["IAM users kept for CI beside an OIDC provider", "CodeBuild projects", "OIDC providers of CI systems"],
};
