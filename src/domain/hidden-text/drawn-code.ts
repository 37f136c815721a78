/**
 * Code that GitHub draws instead of showing it: diagrams, maps, solids and formulas. What a drawing surely shows is known by
 * small grammars; every other line or word counts as hidden.
 */

/** The hidden texts of a fence; none for a language that is shown as code. */
export function hiddenInDrawing(language: string, code: string): readonly string[] {
  return DRAWN.get(language.toLowerCase())?.(code) ?? [];
}

const DRAWN: ReadonlyMap<string, (code: string) => readonly string[]> = new Map([
  ['mermaid', hiddenInDiagram],
  ['geojson', (code: string) => unknownWords(code, MAP_WORDS)],
  ['topojson', (code: string) => unknownWords(code, MAP_WORDS)],
  ['stl', (code: string) => unknownWords(code, SOLID_WORDS)],
  ['math', hiddenInFormula],
]);

/** Lines without one of the forms that show all their words. */
function hiddenInDiagram(code: string): readonly string[] {
  const lines = code.split('\n').filter(line => line.trim() !== '');
  const isDrawn = DIAGRAM.test(lines[0] ?? '');
  const hidden = lines.filter((line, index) => !isDrawn || (index > 0 && !isSeenInDiagram(line)));
  return hidden.length === 0 ? [] : [hidden.map(line => line.trim()).join(' ')];
}

const DIAGRAM = /^\s*(?:(?:graph|flowchart)\s+(?:TB|TD|BT|RL|LR)|sequenceDiagram)\s*$/;

function isSeenInDiagram(line: string): boolean {
  if (/%%|[;`\\]|&#|#\w+;/.test(line)) return false;
  if (line.trim() === 'end') return true;
  if (/^\s*subgraph\s+[\w -]{1,60}$/.test(line)) return true;
  if (/^\s*(?:participant|actor)\s+\w{1,30}\s*$/.test(line)) return true;
  if (/^\s*\w{1,30}\s*-{1,2}>{1,2}\s*\w{1,30}\s*:[^:<>]*$/.test(line)) return true;
  return isFlow(line);
}

/** `A[Text] -->|Text| B`: labels are shown, and so is the name of a node without one. */
function isFlow(line: string): boolean {
  const bare = line.replace(LABEL, (_, name: string, label: string) =>
    isNameOf(name, label) ? ' n ' : ' ! ',
  );
  const names = bare.replace(/\|[^|<>]*\|/g, ' ').split(/<?-->|---|-\.->|==>|&/);
  return names.every(name => /^\s*\w{1,30}\s*$/.test(name));
}

const LABEL = /\b(\w{1,30})(?:\[([^[\]<>]*)\]|\(([^()<>]*)\)|\{([^{}<>]*)\})/g;

/** A labelled node hides its name, unless it is short or says the same. */
function isNameOf(name: string, label: string | undefined): boolean {
  return name.length <= 2 || letters(label ?? '').includes(letters(name));
}

function letters(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

/** Words of the format and numbers draw something; names and properties do not. */
function unknownWords(code: string, known: ReadonlySet<string>): readonly string[] {
  const unknown = (code.match(WORD) ?? []).filter(
    word => !known.has(word.toLowerCase()) && !NUMBER.test(word),
  );
  return unknown.length === 0 ? [] : [unknown.join(' ')];
}

const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}_.+-]*/gu;
/** `e` and `E` of an exponent stand between digits. */
const NUMBER = /^\d{1,20}(?:\.\d{1,20})?(?:e[+-]?\d{1,3})?$/i;
const MAP_WORDS: ReadonlySet<string> = new Set(
  (
    'type features feature featurecollection geometry geometries geometrycollection properties coordinates bbox null ' +
    'point multipoint linestring multilinestring polygon multipolygon topology objects arcs transform scale translate'
  ).split(' '),
);
const SOLID_WORDS: ReadonlySet<string> = new Set(
  'solid facet normal outer loop vertex endloop endfacet endsolid'.split(' '),
);

/** A formula is shown if it has only letters, numbers, signs and commands that draw what they name. */
export function hiddenInFormula(formula: string): readonly string[] {
  const commands = formula.match(/\\[a-z]+/gi) ?? [];
  const isSeen =
    !/[%&]|\\[^a-z,;:!|{}\\ ]/i.test(formula) &&
    commands.every(command => DRAWING_COMMANDS.has(command.slice(1)));
  return isSeen ? [] : [formula];
}

const DRAWING_COMMANDS: ReadonlySet<string> = new Set(
  (
    'frac dfrac tfrac sqrt sum prod int iint oint lim log ln exp sin cos tan min max sup inf cdot cdots ldots dots times ' +
    'div pm mp le leq ge geq lt gt ne neq approx equiv sim propto infty partial nabla forall exists in notin subset ' +
    'subseteq cup cap emptyset to rightarrow leftarrow leftrightarrow implies iff mapsto left right big bigl bigr Big ' +
    'langle rangle lfloor rfloor lceil rceil vec hat bar overline underline tilde dot mathbb mathbf mathrm mathcal text ' +
    'textbf textit operatorname binom quad qquad alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota ' +
    'kappa lambda mu nu xi pi rho sigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma ' +
    'Upsilon Phi Psi Omega mod bmod pmod gcd det dim ker lor land neg lnot oplus otimes star circ bullet mid parallel perp ' +
    'angle degree prime ell hbar Re Im'
  ).split(' '),
);
