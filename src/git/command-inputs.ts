/**
 * Files that decide what a project's commands do: manifests, lock files, configuration of builds, test runners and CI. A
 * change to one of them can make every check pass.
 */
export const defaultCommandInputs: readonly string[] = [
  // npm, pnpm, yarn, Bun, Deno
  '**/{package,package-lock,npm-shrinkwrap,lerna,nx,turbo,rush,deno}.json',
  '**/{yarn.lock,pnpm-lock.yaml,pnpm-workspace.yaml,bun.lock,bun.lockb,deno.jsonc,deno.lock}',
  '**/.{npmrc,yarnrc,yarnrc.yml,pnpmfile.cjs,nvmrc,node-version,tool-versions,swcrc,taprc}',
  '**/.yarn/{releases,plugins}/**',
  '**/tsconfig*.json',
  '**/*.config.{js,cjs,mjs,ts,cts,mts,json}',
  '**/.{mocharc,babelrc,nycrc,c8rc,eslintrc}{,.*}',
  '**/{jest,vitest}{.,-}{setup,preset,globals,environment,resolver}*',
  '**/setupTests.*',
  '**/{Gruntfile,gulpfile,karma.conf}.*',
  // Python
  '**/{pyproject.toml,setup.py,setup.cfg,tox.ini,noxfile.py,pytest.ini,.pytest.ini,conftest.py}',
  '**/{Pipfile,Pipfile.lock,poetry.lock,uv.lock,uv.toml,pdm.lock,.coveragerc,.python-version}',
  '**/{requirements,constraints}*.{txt,in}',
  '**/requirements/*.{txt,in}',
  '**/{sitecustomize,usercustomize}.py',
  '**/{*.pth,environment.yml,environment.yaml}',
  // Go
  '**/{go.mod,go.sum,go.work,go.work.sum}',
  '**/vendor/modules.txt',
  // Rust
  '**/{Cargo.toml,Cargo.lock,build.rs,rust-toolchain,rust-toolchain.toml,nextest.toml}',
  '**/.cargo/**',
  // Java: Gradle, Maven, Ant, sbt
  '**/*.{gradle,gradle.kts,sbt}',
  '**/{pom.xml,build.xml,gradle.properties,gradle.lockfile,gradlew,gradlew.bat,mvnw,mvnw.cmd}',
  '**/{gradle,.mvn,buildSrc}/**',
  '**/junit-platform.properties',
  // Ruby
  '**/{Gemfile,Gemfile.lock,Rakefile,.rspec,.ruby-version,.simplecov}',
  '**/*.gemspec',
  '**/{spec,test,rails}_helper.rb',
  // PHP
  '**/{composer.json,composer.lock,phpunit.xml,phpunit.xml.dist,phpunit.dist.xml,phpstan.neon,psalm.xml}',
  // .NET
  '**/*.{csproj,fsproj,vbproj,sln,props,targets,runsettings}',
  '**/{global.json,nuget.config,packages.lock.json}',
  // Make and other builds
  '**/{Makefile,GNUmakefile,justfile,Taskfile.yml,Taskfile.yaml,CMakeLists.txt,meson.build,Earthfile}',
  '**/*.{mk,cmake,bzl}',
  '**/{BUILD,WORKSPACE,MODULE}{,.bazel}',
  '**/.bazelrc',
  '**/{Dockerfile,Containerfile}{,.*}',
  '**/{docker-compose,compose}*.{yml,yaml}',
  // CI
  '.github/{workflows,actions}/**',
  '**/Jenkinsfile',
  '.gitlab-ci.yml',
  '.{circleci,buildkite,gitlab,azure-pipelines}/**',
  '{.travis,azure-pipelines*}.yml',
];
