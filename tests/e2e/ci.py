"""Prints the commands and the files that the CI example which GOLIVE_CI names runs and keeps, as JSON into GOLIVE_FOUND.

The places are those that each server documents; an example that has nothing there fails."""

import json
import os
import pathlib
import re

import yaml

path = pathlib.Path(os.environ["GOLIVE_CI"])
text = path.read_text(encoding="utf-8")
if path.name == "github-actions.yml":
    workflow = yaml.safe_load(text)
    # YAML 1.1 takes the key for a boolean.
    assert set(workflow[True]) == {"workflow_dispatch", "schedule"}
    steps = workflow["jobs"]["golive"]["steps"]
    commands = [step["run"] for step in steps if "run" in step]
    files = [step["with"][key] for step in steps for key in ("sarif_file", "path") if key in step.get("with", {})]
    uploads = [step for step in steps if "upload" in step.get("uses", "")]
    assert len(uploads) == 2 and all("cancelled" in step["if"] for step in uploads)
elif path.name == "gitlab-ci.yml":
    job = yaml.safe_load(text)["golive"]
    commands = [line for line in job["script"]]
    assert job["artifacts"]["when"] == "always"
    files = [*job["artifacts"]["paths"], job["artifacts"]["reports"]["junit"]]
elif path.name == "buildspec.yml":
    spec = yaml.safe_load(text)
    assert spec["version"] == 0.2
    commands = spec["phases"]["build"]["commands"]
    report = spec["reports"]["golive"]
    assert report["file-format"] == "JUNITXML"
    files = [*report["files"], *spec["artifacts"]["files"]]
else:
    assert path.name == "Jenkinsfile"
    assert text.count("{") == text.count("}")
    commands = re.findall(r"sh '([^']+)'", text)
    files = re.findall(r"(?:testResults|artifacts): '([^']+)'", text)
assert commands and files
with open(os.environ["GOLIVE_FOUND"], "w", encoding="utf-8") as found:
    json.dump({"commands": commands, "files": files}, found)
