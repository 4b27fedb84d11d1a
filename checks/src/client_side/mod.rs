//! The items of the section `client-side`: the tools that build what runs in the browser, and how those files
//! reach it.

use crate::{Decides, Item, Reference};

/// The items in checklist order.
pub const ITEMS: &[&Item] = &[
    &PICK_A_JAVASCRIPT_FRAMEWORK,
    &PICK_A_COMPILE_TO_JS_LANGUAGE,
    &PICK_A_COMPILE_TO_CSS_LANGUAGE,
    &USE_A_STATIC_CONTENT_SERVER,
    &USE_A_CDN,
    &CONFIGURE_CACHING,
];

const PICK_A_JAVASCRIPT_FRAMEWORK: Item = Item {
    id: "client-side/pick-a-javascript-framework",
    title: "Pick a JavaScript framework",
    decides: Decides::Human,
    what: "If you write an application that runs in the browser, the team has agreed on one framework, such as React, \
           Angular or Vue, and the build bundles the code with it.",
    why: "Two frameworks side by side, or a home-made one, make pages heavier and every change slower. A framework \
          that nobody maintains leaves its security holes open.",
    confirm: "Open the front-end's `package.json` and its lock file: one framework, at a version that its maintainers \
              still support. Run the production build once and note the version. If there is no front-end of your own, \
              note that the item does not apply.",
    references: &[Reference {
        title: "Introduction to client-side frameworks (MDN)",
        url: "https://developer.mozilla.org/en-US/docs/Learn_web_development/Core/Frameworks_libraries/Introduction",
    }],
    rules: &[],
    evidence: &[],
    pending: &[],
};

const PICK_A_COMPILE_TO_JS_LANGUAGE: Item = Item {
    id: "client-side/pick-a-compile-to-js-language",
    title: "Pick a compile-to-JS language",
    decides: Decides::Human,
    what: "The team has decided whether browser code is written in plain JavaScript or in a language compiled to it, \
           such as TypeScript, and the build compiles and checks that code.",
    why: "Without a type checker, mistakes such as a misspelt field or a missing value are first found by the browser \
          of a customer.",
    confirm: "Look in the repository for the compiler's configuration, for TypeScript `tsconfig.json` with `strict` \
              set, and check that the CI build fails on a type error. Note the language chosen, or why plain \
              JavaScript is enough.",
    references: &[Reference {
        title: "TypeScript documentation (Microsoft)",
        url: "https://www.typescriptlang.org/docs/",
    }],
    rules: &[],
    evidence: &[],
    pending: &[],
};

const PICK_A_COMPILE_TO_CSS_LANGUAGE: Item = Item {
    id: "client-side/pick-a-compile-to-css-language",
    title: "Pick a compile-to-CSS language",
    decides: Decides::Human,
    what: "The team has decided how style sheets are written, in plain CSS or in a language compiled to it such as \
           Sass, Less or PostCSS, and the build produces the files that are served.",
    why: "Large style sheets kept by hand repeat colours and sizes in hundreds of places, and a change that misses one \
          of them shows as a broken page on some screens only.",
    confirm: "Find the style sheets' sources and the build step that compiles, prefixes and minifies them. Check that \
              no generated file is edited by hand or committed. Note the tool and its version, or why plain CSS is \
              enough.",
    references: &[
        Reference { title: "Sass documentation (Sass)", url: "https://sass-lang.com/documentation/" },
        Reference { title: "PostCSS (PostCSS)", url: "https://postcss.org/" },
    ],
    rules: &[],
    evidence: &[],
    pending: &[],
};

const USE_A_STATIC_CONTENT_SERVER: Item = Item {
    id: "client-side/use-a-static-content-server",
    title: "Use a static content server",
    decides: Decides::Partly,
    what: "Style sheets, scripts, images and fonts are served from Amazon S3 rather than by the application. The \
           bucket is private, and only the CloudFront distribution in front of it may read it, through origin access \
           control.",
    why: "Static files served by the application take the capacity that dynamic requests need. A bucket open to the \
          world can be read past the CDN, with none of its caching, logging and filtering.",
    confirm: "Load a page with the browser's network panel open and check that static files come from the CDN's host \
              name. Then request one of them directly from its S3 address: it must answer 403. In the CloudFront \
              console each S3 origin shows an origin access control; note the distributions checked.",
    references: &[
        Reference {
            title: "Restrict access to an Amazon S3 origin",
            url: "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/\
                  private-content-restricting-access-to-s3.html",
        },
        Reference {
            title: "Hosting a static website using Amazon S3",
            url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteHosting.html",
        },
    ],
    rules: &[],
    evidence: &[],
    pending: &[
        "origin access control on S3 origins of CloudFront distributions",
        "S3 origins whose buckets are not public",
    ],
};

const USE_A_CDN: Item = Item {
    id: "client-side/use-a-cdn",
    title: "Use a CDN",
    decides: Decides::Partly,
    what: "Content for users goes through Amazon CloudFront, which caches and compresses it close to them. No S3 \
           website bucket is addressed by users directly.",
    why: "Without a CDN each request travels to one Region: far-away users wait, the origin carries the whole load, \
          and a burst of traffic meets your servers unbuffered.",
    confirm: "Request a script twice with `curl -s -o /dev/null -D - -H 'Accept-Encoding: br, gzip'` and look for \
              `x-cache: Hit from cloudfront` and a `content-encoding`. Check that each bucket with website hosting is \
              an origin of an enabled distribution; note the host names tried.",
    references: &[
        Reference {
            title: "What is Amazon CloudFront?",
            url: "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/Introduction.html",
        },
        Reference {
            title: "Serve compressed files",
            url: "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/ServingCompressedFiles.html",
        },
    ],
    rules: &[],
    evidence: &[],
    pending: &["website buckets behind an enabled CloudFront distribution", "compression in CloudFront distributions"],
};

const CONFIGURE_CACHING: Item = Item {
    id: "client-side/configure-caching",
    title: "Configure caching",
    decides: Decides::Partly,
    what: "Static files carry a version or a hash of their content in their address and may be cached for long, while \
           the pages that name them are cached briefly or not at all. The cache policies of the CloudFront \
           distribution agree with that.",
    why: "With caching too long and addresses that never change, users mix old scripts with new pages after a release. \
          With no caching, you pay for a CDN that forwards everything.",
    confirm: "Release a small change in a test environment: only the changed files get new addresses, and a plain \
              reload shows it. Look at the `Cache-Control` header of a script and of the start page, and at the cache \
              policy of each behaviour in the CloudFront console; note the values.",
    references: &[
        Reference {
            title: "Manage how long content stays in the cache (expiration)",
            url: "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/Expiration.html",
        },
        Reference {
            title: "Update existing content with a CloudFront distribution",
            url: "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/UpdatingExistingObjects.html",
        },
        Reference {
            title: "Use managed cache policies",
            url: "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html",
        },
    ],
    rules: &[],
    evidence: &[],
    pending: &["a cache policy that caches in each CloudFront distribution"],
};
