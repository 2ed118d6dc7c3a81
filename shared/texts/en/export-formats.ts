export const exportFormats = {
  azure: {
    pipeline: 'Azure pipeline',
    summary: 'A pipeline without a secret; the token is a secret variable of the pipeline or of a group.',
    place: 'the root of the repository, merged into its azure-pipelines.yml',
    addVariable: (tokenVariable: string | number): string =>
      `Add the variable ${tokenVariable} to the pipeline and mark it as secret, or take it from a variable group backed by a key vault.`,
    forks: 'Builds of forks get no secret variables unless the pipeline allows it.',
    store: 'Store the token as a secret variable (bash or zsh; paste the token, it is not shown)',
  },
  variables: {
    behindProxy: (input: string | number): string => `# Behind a proxy: export ${input}`,
    rattlerFile: (rattlerAuthFileName: string | number): string =>
      `# rattler and pixi take the token from a file (see their export): export RATTLER_AUTH_FILE=/path/to/${rattlerAuthFileName}`,
    place: 'the secret store of the CI system, or a file that only the job can read',
    summary: 'Settings for pip, uv and conda without any file in the image, the token in their values.',
    mask: 'Mark the variables as masked or protected: CI systems print the environment when a job is debugged.',
    readers:
      'latchkey.env holds only NAME=value lines, for "docker run --env-file", GitLab’s dotenv reports and other readers; in a shell, source latchkey-env.sh.',
    gitlab:
      'A GitLab dotenv report is an artifact: whoever can download the job’s artifacts gets the token, and more than 20 variables or 5 KB are refused. Use the export for GitLab there.',
    shutOut:
      'PIP_CONFIG_FILE=/dev/null (on Windows: nul) makes pip ignore every pip.conf of the computer. Without it, pip asks an index of such a file and bypasses the gateway. UV_NO_CONFIG=1 does the same for uv, including the project’s [tool.uv].',
    set: 'Set the variables in a shell',
  },
  tried: {
    notRunHere: 'Not run with this system: parsed by its documented rules.',
    triedWith: (version: string | number): string => `Tried with ${version}.`,
  },
  conda: {
    configuration: 'conda configuration',
    summary:
      'A .condarc without a secret, which may be shared, and the token in .netrc. conda neither prints nor stores the token, and you can install from the output of "conda list --explicit".',
    summaryInFile: 'One file with the token in it. conda writes and prints the token in several places.',
    notices:
      'Without a .netrc, conda requests a channel’s notices without the token, so it shows no warning of the gateway.',
    doNotPaste:
      'Do not paste the output of "conda config --show-sources" or "conda search --info" where others can read it: it contains the token.',
    explicit: 'conda list --explicit (of older versions)',
  },
  databricks: {
    everyUser: '# Every user of the cluster runs code there, and so may use the token.',
    script: 'Init script of a cluster',
    summary: 'The token in a secret scope; an init script of the cluster writes settings and netrc.',
    place: 'a workspace file or a volume, listed under "Init scripts" of the cluster',
    variables: '"Environment variables" of the cluster, under Advanced options, Spark',
    restart:
      'Databricks puts the secret into the variable when the cluster starts; a rotated token needs a restart.',
    hides:
      'Databricks hides the value of a secret in the output of notebooks, but code on the cluster can read it.',
    store: 'Create the scope and store the token (asks for it)',
  },
  docker: {
    place: 'the folder of the Dockerfile',
    configuration: (client: string | number): string => `${client} configuration`,
    lines: 'Lines for a Dockerfile',
    summary: 'The token as a BuildKit secret, mounted for the steps that install: no layer holds it.',
    outside: 'outside the build context, or listed in .dockerignore',
    mount:
      'Every RUN that installs needs the mount. If the image runs as another user, mount it into that user’s home folder with uid=… next to mode=.',
    never: 'Never pass the token with ARG, ENV or COPY: it stays in the history or in a layer of the image.',
    podman: 'Podman and Buildah accept the same line.',
    build: 'Build with the token',
  },
  github: {
    workflow: 'GitHub Actions workflow',
    summary: 'A workflow without a secret; the token is a secret of the repository or of its environment.',
    place: '.github/workflows/ of the repository, merged into its workflow',
    forks: 'Workflows of pull requests from forks get no secrets, so such a job is refused with 401.',
    hides: 'GitHub hides the token itself in logs, but not a part of it or an encoded form.',
    store: 'Store the token as a secret (asks for it)',
  },
  gitlab: {
    jobs: 'GitLab CI jobs',
    summary: 'Jobs without a secret; the token is a masked variable of the project or group.',
    place: 'the root of the repository, merged into its .gitlab-ci.yml',
    addVariable: (tokenVariable: string | number): string =>
      `Add the variable ${tokenVariable} under Settings, CI/CD, Variables: visibility "masked and hidden", protected where only protected branches may install.`,
    afterScript:
      'after_script runs in its own shell, which does not know NETRC. The job’s container is thrown away with the file; on a shell executor, remove the file yourself.',
    store: 'Store the token as a masked variable (bash or zsh; paste the token, it is not shown)',
  },
  jenkins: {
    summary: 'A pipeline without a secret; the token is a "secret text" of the credentials store.',
    place: 'the root of the repository, merged into its Jenkinsfile',
    addCredential: (credentialsId: string | number): string =>
      `Add a credential of the kind "Secret text" with the id ${credentialsId} to the folder of the job, not globally.`,
    fileRemoved:
      'The file is written next to the workspace and removed when the step ends, because jobs often share agents.',
  },
  jupyterhub: {
    configuration: 'JupyterHub configuration',
    hook: 'Start hook of a notebook server',
    summary: 'Settings for every notebook server; the token comes from a file that only the hub can read.',
    place: 'merged into jupyterhub_config.py, or hub.extraConfig of the Helm chart',
    hookPlace: '/usr/local/bin/before-notebook.d/ of the notebook image (Jupyter Docker Stacks)',
    putToken: (tokenFile: string | number): string =>
      `Put the token into ${tokenFile} (mode 0600, owner of the hub), or mount it there as a secret. A byte-order mark at its start does no harm.`,
    perPerson:
      'Everyone who gets a server can read its token. Where that matters, issue one token per person, and use one file per user.',
    overwrites: 'The hook overwrites ~/.netrc. If people keep other hosts in it, set NETRC to another file.',
    env: 'env (of a server without the start hook)',
  },
  notes: {
    expires: (input: string | number): string =>
      `The token expires on ${input} (UTC). Ask for a rotation before then. Both tokens work during the overlap.`,
    placeholder: (placeholder: string | number): string =>
      `The token is shown only when it is issued or rotated. Put it in place of ${placeholder}, and let only its owner read the file (chmod 600).`,
    plainHttp:
      'Clients reach the gateway over plain http, so anyone on the network path can read the token. Put the gateway behind https.',
    proxy: (input: string | number): string =>
      `Behind a proxy (HTTP_PROXY, HTTPS_PROXY), add the gateway to the exceptions: ${input}`,
    noDefaults:
      '"default_channels: []" blocks "defaults", in an environment.yml or with -c, without touching the order of "channels".',
    joins:
      'conda joins the channel lists of all its configuration files. "conda config --show-sources" lists them. Remove public channels from the others.',
    ipv6: 'conda crashes on an IPv6 address in a URL (tried with 26.8). Give the gateway a name, or its IPv4 address.',
    pipSaysLittle:
      'When the gateway refuses an index, pip says only "No matching distribution found". "pip -vv" shows the reason.',
    pipAnyIndex:
      'pip takes the best version from any of its indexes, in no order. A name that exists in two channels may come from either.',
    pipGoesOn:
      'After a 403 from one index, pip silently moves on to the next one: a package that one channel refuses may come from another.',
    pipEmptyLines:
      'The empty lines of [global], and the sections of the commands, undo what a more general file of this computer sets. pip would otherwise ask such an index and bypass the gateway.',
    pipPlaces:
      'On Windows the file is named pip.ini. On macOS pip reads ~/Library/Application Support/pip/pip.conf if that folder exists, or else ~/.config/pip/pip.conf. It also reads ~/.pip/pip.conf.',
    pipVariables:
      'PIP_ variables and options (--index-url, --extra-index-url) win over this file, and so does the pip.conf of a virtual environment. "pip config debug" lists all that pip reads. Set PIP_CONFIG_FILE to this file to let it win.',
    netrcOneEntry:
      'A .netrc has one entry per host, whatever the port. If the host is already in it, replace that entry, because the first one wins. Let only its owner read the file (chmod 600).',
    urlWins:
      'Credentials in a URL win over .netrc. If an old token is still in pip.conf, uv.toml, .condarc or a PIP_, UV_ or CONDA_ variable, remove it there.',
  },
  pip: {
    macPlace: '~/Library/Application Support/pip/pip.conf if that folder exists, else ~/.config/pip/pip.conf',
    configuration: 'pip configuration',
    summary:
      'A pip.conf without a secret, which may be shared, and the token in .netrc. Neither pip nor pip-compile prints or stores the token.',
    summaryInUrl: 'One file with the token in the URLs of the indexes.',
    compileCopies:
      'pip-compile copies the index URL, with the token, into requirements.txt. Use the form with .netrc, or add --no-emit-index-url.',
    summaryKeyring:
      'A pip.conf without a secret, which may be shared, and the token in the keyring of the system.',
    keyringProgram:
      'pip before 23.1 has no keyring-provider. The program "keyring" must be on the PATH, but not in pip’s own environment: pip ignores one that is installed next to it.',
    compileUser: 'pip-compile writes the user name of the URL into requirements.txt, never the token.',
    installProgram: 'Install the program',
    store: 'Store the token in the keyring of the system (asks for it)',
  },
  projects: {
    place: 'the project folder, merged into its pyproject.toml',
    lockGateway: 'The lock file names the gateway, never the token.',
    partOf: (name: string | number): string => `Part of a ${name}`,
    poetryVariables: 'Variables for Poetry',
    poetrySummary: 'Sources for the pyproject.toml, and the token in the keyring or in variables.',
    secretPlace: 'the secret store of the CI system, or a file that only you can read',
    poetryPrimary:
      'A primary source replaces the public index. Poetry asks the sources in order and takes the best version of all.',
    poetryAuth:
      'Without a keyring, "poetry config" stores the token in auth.toml in its configuration folder.',
    poetryStore: (name: string | number): string =>
      `Store the token for ${name} in the keyring of the system (asks for it)`,
    pdmSummary: 'Sources for the pyproject.toml, which may be shared, and the token in .netrc.',
    pdmOrder:
      'The source named "pypi" replaces the public index. respect-source-order keeps the order of the channels.',
    pdmConfig: 'Sources from "pdm config pypi.*" are added to those of the project. "pdm config" lists them.',
    lockNeither: 'The lock file names neither the gateway nor the token.',
    pipenvSummary: 'Sources for the Pipfile, which may be shared, and the token in .netrc.',
    pipfilePlace: 'the project folder, merged into its Pipfile instead of its sources',
    pipenvPublic:
      'Remove the [[source]] of the public index from the Pipfile: Pipenv asks the first source for every package that names no index.',
    hatchSummary: 'Variables for the environments of Hatch, which may be shared, and the token in .netrc.',
    hatchDefault: 'Environments take the variables of "default" unless they have their own template.',
    hatchWindows: 'On Windows, write nul instead of /dev/null.',
  },
  rattler: {
    place: 'the project folder, merged into its pixi.toml',
    channels: 'Channels of a pixi.toml',
    summary: 'Channels for a pixi.toml that may be shared, and the token in the keyring of the system.',
    noKeyring:
      'Without a keyring, pixi stores the token in ~/.rattler/credentials.json. It also reads .netrc, if that has no comment.',
    store: 'Store the token in the keyring of the system (bash or zsh; paste the token, it is not shown)',
    summaryInFile: 'The token in a file of its own, and channels for a pixi.toml that may be shared.',
    filePlace: (rattlerAuthFileName: string | number): string =>
      `~/.config/${rattlerAuthFileName}, named by RATTLER_AUTH_FILE`,
    filePlaceWindows: (rattlerAuthFileName: string | number): string =>
      `%APPDATA%\\${rattlerAuthFileName}, named by RATTLER_AUTH_FILE`,
    onePerHost: 'One entry covers all ports of a host. RATTLER_AUTH_FILE must be the whole path of the file.',
  },
  sagemaker: {
    asRoot: '# The script runs as root, the notebooks do not.',
    script: 'Lifecycle script (on-start.sh)',
    summary: 'A lifecycle script without a secret; the token is in Secrets Manager.',
    place: 'a lifecycle configuration of the notebook instance, under "Start notebook"',
    role: (secretId: string | number): string =>
      `The role of the instance needs secretsmanager:GetSecretValue for ${secretId}, and nothing more.`,
    studio: 'In SageMaker Studio set LATCHKEY_HOME=/home/sagemaker-user.',
    store: 'Store the token (bash or zsh; paste the token, it is not shown)',
  },
  uv: {
    order:
      'uv asks an [[index]] in a pyproject.toml before those of this file, and one in the system’s uv.toml (/etc/uv, %PROGRAMDATA%\\uv) before the last of them. Set UV_CONFIG_FILE to this file to exclude the others.',
    stops: 'uv stops at a 403 from an index. It does not move on to the next one.',
    configuration: 'uv configuration',
    summary: 'Named indexes without a secret, and the token in uv’s credential store.',
    alsoNetrc: (and: string | number): string =>
      `uv also takes the token from .netrc (see the export for pip), or from ${and}.`,
    and: ' and ',
    httpsOnly: 'uv auth login works only with https addresses. Use .netrc here.',
    store: 'Store the token in uv’s credential store (asks for it)',
    storeInScript: 'The same in a script, with the token on standard input',
    summaryInUrl: 'Named indexes with the token in their URLs.',
    compileCopies:
      'uv pip compile --emit-index-url copies the index URL, with the token, into its output. Lock files contain no token.',
  },
  windows: {
    script: 'Machine-wide settings of pip, uv and conda',
    summary: 'A script for Intune or a group policy: machine-wide settings without a secret.',
    place: 'a platform script of Intune, run as SYSTEM; or a startup script of a group policy',
    netrcPlace: '%USERPROFILE%\\_netrc of the user, never a folder that others can read',
    perUser:
      'Every user can read %ProgramData%: the script holds no token. Each user gets a token of their own, in _netrc.',
    wins: 'A user’s pip.ini, uv.toml and .condarc win over these files, or add to them.',
  },
  comment: {
    forWhom: (teamName: string | number, environmentName: string | number): string =>
      `team ${teamName}, environment ${environmentName}`,
    what: (
      what: string | number,
      holderName: string | number,
      forWhom: string | number,
      organizationName: string | number,
    ): string => `${what} for ${holderName} (${forWhom}) at ${organizationName}.`,
    placeholder: (placeholder: string | number): string => `Put your token in place of ${placeholder}.`,
    writtenBy: (tried: string | number): string => `Written by Latchkey. ${tried}`,
  },
};
