/** The kind of box that Docker or Podman makes from an image. */
import type { BoxKind } from '../kind.ts';
import type { BoxProblem } from '../tier.ts';
import { detectContainer } from './detect.ts';
import type { EngineName } from './engine.ts';
import { sweepContainers } from './names.ts';
import { startContainer } from './start.ts';
import type { ContainerChoice, ContainerTier } from './tier.ts';

interface ContainerSettings {
  readonly SIGNALBOX_BOX_IMAGE?: string | undefined;
  readonly SIGNALBOX_BOX_ENGINE?: EngineName | undefined;
  readonly engineEnvironment: Readonly<Record<string, string>>;
}

export const container: BoxKind<ContainerSettings, ContainerChoice, ContainerTier> = {
  name: 'container',
  choose,
  detect: detectContainer,
  sweep: ({ engine }) => sweepContainers(engine),
  start: startContainer,
  nodeInBox: ({ image }) => ({ path: image.node, mounts: [] }),
  takesOverlays: () => false,
  madeWith: ({ engine, image }) =>
    `${engine.name} ${engine.version}${engine.rootless ? ', rootless' : ''}, image ${image.id}`,
  programs: ({ image }) => ({ image: image.id }),
  fixes: {
    'system-call': 'use an engine that applies seccomp profiles, on x64 or arm64',
    'own-uid':
      'run the runner where the engine runs, with the same files and no mapping of user ids (userns-remap), or as the user of a rootless Podman',
    otherwise: 'use an engine of this very host, with its own runtime and no options beside ours',
  },
};

function choose(settings: ContainerSettings): ContainerChoice | BoxProblem {
  const {
    SIGNALBOX_BOX_IMAGE: image,
    SIGNALBOX_BOX_ENGINE: engine,
    engineEnvironment: environment,
  } = settings;
  if (image === undefined)
    return {
      what: 'SIGNALBOX_BOX=container needs SIGNALBOX_BOX_IMAGE',
      fix: 'name an image with a shell, git, Node and what the project needs',
    };
  return { box: 'container', image, environment, ...(engine !== undefined ? { engine } : {}) };
}
