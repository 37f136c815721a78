/**
 * Files that decide what a project's commands do: manifests, lock files, configuration of builds, test runners and CI. A
 * change to one of them can make every check pass.
 */
export const defaultCommandInputs: readonly string[] = [
  // npm, pnpm, yarn, Bun, Deno
  '**/{package,package-lock,npm-shrinkwrap,lerna,nx,turbo,rush,deno,import_map,project,angular}.json',
  '**/{package.yaml,package.json5,turbo.jsonc,bunfig.toml,binding.gyp}',
  '**/{yarn.lock,pnpm-lock.yaml,pnpm-workspace.yaml,bun.lock,bun.lockb,deno.jsonc,deno.lock}',
  '**/.{npmrc,yarnrc,yarnrc.yml,pnpmfile.cjs,pnpmfile.mjs,nvmrc,node-version,tool-versions,swcrc,taprc}',
  '**/.yarn/{releases,plugins,patches,sdks}/**',
  '**/patches/*.patch',
  '**/{tsconfig,jsconfig}*.json',
  '**/*.{config,conf}.{js,cjs,mjs,ts,cts,mts,json}',
  '**/{webpack,vite,rollup,esbuild}.*.{js,cjs,mjs,ts}',
  '**/vitest.{workspace,projects}.*',
  '**/.{mocharc,babelrc,nycrc,c8rc,eslintrc}{,.*}',
  '**/mocha.opts',
  '**/{jest,vitest,mocha,test,tests}{.,-}{setup,preset,globals,environment,resolver}*',
  '**/{setup,global}{,-,.,_}{test,tests,jest,vitest,mocha,setup,teardown}.{js,cjs,mjs,ts,cts,mts,tsx}',
  '**/{test,tests,spec}/{setup,preload,bootstrap,globals,environment}.*',
  // Jest uses a mock next to node_modules without being asked.
  '**/__mocks__/**',
  '**/{Gruntfile,gulpfile}.*',
  // Python
  '**/{pyproject.toml,setup.py,setup.cfg,tox.ini,noxfile.py,pytest.ini,.pytest.ini,pytest.toml,.pytest.toml,conftest.py}',
  '**/{Pipfile,Pipfile.lock,poetry.lock,poetry.toml,uv.lock,uv.toml,pdm.lock,pdm.toml,hatch.toml,pylock*.toml}',
  '**/{pixi.toml,pixi.lock,pants.toml,.coveragerc,.python-version}',
  '**/{,*[-_]}{requirements,constraints}*.{txt,in}',
  '**/requirements/*.{txt,in}',
  '**/{sitecustomize,usercustomize}.py',
  '**/{*.pth,environment.yml,environment.yaml}',
  // Go
  '**/{go.mod,go.sum,go.work,go.work.sum}',
  '**/vendor/modules.txt',
  // Rust
  '**/{Cargo.toml,Cargo.lock,build.rs,rust-toolchain,rust-toolchain.toml,nextest.toml}',
  '**/.cargo/**',
  // Java, Kotlin, Scala: Gradle, Maven, Ant, sbt, Mill
  '**/*.{gradle,gradle.kts,sbt}',
  '**/{pom.xml,build.xml,ivy.xml,testng.xml,build.sc,build.mill,gradle.properties,gradle.lockfile,gradlew,gradlew.bat,mvnw,mvnw.cmd}',
  '**/{gradle,.mvn,buildSrc,build-logic}/**',
  '**/project/*.{properties,scala}',
  '**/META-INF/services/**',
  '**/junit-platform.properties',
  // Ruby
  '**/{Gemfile,Gemfile.lock,gems.rb,gems.locked,Rakefile,Rakefile.rb,.rspec,.rspec-local,.ruby-version,.simplecov}',
  '**/*.{gemspec,rake}',
  '**/.bundle/config',
  '**/spec/support/**',
  '**/config/environments/test.rb',
  '**/{spec,test,rails}_helper.rb',
  // PHP
  '**/{composer.json,composer.lock,phpunit.xml,phpunit.xml.dist,phpunit.dist.xml,phpstan.neon,psalm.xml}',
  '**/{codeception*.yml,behat.yml,phpspec.yml,Pest.php}',
  '**/tests/bootstrap.php',
  // .NET
  '**/*.{csproj,fsproj,vbproj,sln,props,targets,runsettings}',
  '**/{global.json,nuget.config,packages.config,packages.lock.json,xunit.runner.json,paket.*}',
  '**/build.{cake,fsx,ps1,sh}',
  // Swift, Dart, Elixir, Erlang, Haskell, OCaml, Clojure, Perl, Julia, R, Zig
  '**/{Package.swift,Package.resolved,Podfile,Podfile.lock,*.xctestplan,pubspec.yaml,pubspec.lock,dart_test.yaml}',
  '**/{mix.exs,mix.lock,test_helper.exs,rebar.config,rebar.lock,stack.yaml,stack.yaml.lock,cabal.project,*.cabal}',
  '**/{dune,dune-project,*.opam,project.clj,deps.edn,tests.edn,build.clj,cpanfile,Makefile.PL,Build.PL,.proverc}',
  '**/{Project.toml,Manifest.toml,runtests.jl,DESCRIPTION,renv.lock,.Rprofile,testthat.R,build.zig,build.zig.zon}',
  // Make and other builds
  '**/{Makefile,GNUmakefile,BSDmakefile,justfile,.justfile,Taskfile*.yml,Taskfile*.yaml,Earthfile,mise.toml,.mise.toml}',
  '**/{CMakeLists.txt,CMakePresets.json,meson.build,meson.options,meson_options.txt,SConstruct,SConscript,wscript}',
  '**/{configure,configure.ac,Makefile.am,Makefile.in,conanfile.*,vcpkg.json}',
  '**/{flake.nix,flake.lock,shell.nix,default.nix,devbox.json,devbox.lock}',
  '**/{script,scripts,ci,tools}/**/{,*[-_.]}{test,tests,check,checks,verify,cibuild}{,[-_.]*}',
  '**/{,run-,run_}{test,tests,check,checks}.{sh,bash,ps1,bat,cmd}',
  '**/*.{mk,cmake,bzl}',
  '**/{BUILD,WORKSPACE,MODULE}{,.bazel}',
  '**/{.bazelrc,.bazelversion,MODULE.bazel.lock,BUCK,.buckconfig}',
  '**/{Dockerfile,Containerfile}{,.*}',
  '**/{docker-compose,compose}*.{yml,yaml}',
  // What tests compare with
  '**/*.{snap,snapshot,golden}',
  '**/{__snapshots__,tap-snapshots}/**',
  // Linters and type checkers
  '**/{ruff.toml,.ruff.toml,mypy.ini,.mypy.ini,.flake8,.pylintrc,clippy.toml,.clippy.toml,biome.json,biome.jsonc}',
  '**/{.golangci.yml,.golangci.yaml,.eslintignore,.rubocop.yml}',
  // CI
  '.github/{workflows,actions}/**',
  '**/Jenkinsfile',
  '.gitlab-ci.yml',
  '.{circleci,buildkite,gitlab,azure-pipelines}/**',
  '{.travis,azure-pipelines*,appveyor,.appveyor,bitbucket-pipelines,.drone,.woodpecker}.yml',
];
