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
      'run the runner on the engine’s host, with the same files and without user id mapping (userns-remap), or as the user of a rootless Podman',
    otherwise: 'use an engine on this host, with its default runtime and without additional default options',
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
      fix: 'set it to an image with a shell, git, Node and the tools that the project needs',
    };
  return { box: 'container', image, environment, ...(engine !== undefined ? { engine } : {}) };
}
