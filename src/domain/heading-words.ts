/** Words that issue forms use for the fields of the contract, in several languages. Only for proposals: they name no field. */
import { CONTRACT_FIELDS, type Field, type FieldKey } from './contract-fields.ts';
import { folded, isWithin } from './contract-headings.ts';

/** In lower case. English, German, French, Spanish, Portuguese, Italian, Dutch, Polish, Russian; Chinese, Japanese, Korean. */
export const HEADING_WORDS: Readonly<Partial<Record<FieldKey, readonly string[]>>> = {
  problem: [
    ...['problem', 'bug', 'description', 'summary', 'scenario', 'what happened', 'actual behavior'],
    ...[
      'actual behaviour',
      'actual result',
      'current behavior',
      'current behaviour',
      'user story',
      'motivation',
    ],
    ...[
      'problembeschreibung',
      'fehlerbeschreibung',
      'beschreibung',
      'was ist passiert',
      'tatsächliches verhalten',
    ],
    ...['aktuelles verhalten', 'ist zustand', 'problème', 'description du problème', 'comportement actuel'],
    ...['comportement observé', 'que s est il passé', 'problema', 'descripción', 'comportamiento actual'],
    ...['qué ocurrió', 'qué sucedió', 'descrição', 'comportamento atual', 'o que aconteceu', 'descrizione'],
    ...[
      'comportamento attuale',
      'cosa è successo',
      'probleem',
      'beschrijving',
      'huidig gedrag',
      'wat is er gebeurd',
    ],
    ...['opis', 'opis problemu', 'obecne zachowanie', 'aktualne zachowanie', 'co się stało'],
    ...[
      'проблема',
      'описание',
      'описание проблемы',
      'фактическое поведение',
      'текущее поведение',
      'что произошло',
    ],
    ...['问题', '问题描述', '描述', '实际行为', '当前行为', '實際行為', '發生了什麼', '发生了什么'],
    ...['問題', '概要', '説明', '実際の動作', '実際の挙動', '現在の動作', '何が起きましたか'],
    ...['문제', '설명', '문제 설명', '실제 동작', '현재 동작', '무슨 일이 있었나요'],
  ],
  expected: [
    ...['expected', 'expected behavior', 'expected behaviour', 'expected result', 'expected outcome'],
    ...['what should happen', 'desired behavior', 'desired behaviour', 'proposal', 'proposed solution'],
    ...['what did you expect', 'what you expected', 'you expect to happen', 'solution you d like'],
    ...['erwartetes verhalten', 'erwartetes ergebnis', 'erwartung', 'soll zustand', 'gewünschtes verhalten'],
    ...['was sollte passieren', 'comportement attendu', 'résultat attendu', 'comportement souhaité'],
    ...[
      'comportamiento esperado',
      'resultado esperado',
      'qué esperabas',
      'comportamento esperado',
      'o que era esperado',
    ],
    ...[
      'comportamento atteso',
      'comportamento previsto',
      'risultato atteso',
      'verwacht gedrag',
      'verwachte resultaat',
    ],
    ...[
      'verwacht resultaat',
      'gewenst gedrag',
      'oczekiwane zachowanie',
      'oczekiwany rezultat',
      'oczekiwany wynik',
    ],
    ...[
      'ожидаемое поведение',
      'ожидаемый результат',
      'что должно происходить',
      '预期行为',
      '期望行为',
      '预期结果',
    ],
    ...[
      '期望结果',
      '期望的行为',
      '预期的行为',
      '預期行為',
      '期待される動作',
      '期待する動作',
      '期待される挙動',
      '期待する結果',
    ],
    ...['期待される結果', '예상 동작', '기대 동작', '예상 결과', '기대 결과', '기대하는 동작'],
  ],
  evidence: [
    ...[
      'evidence',
      'reproduce',
      'reproduction',
      'steps to reproduce',
      'how to reproduce',
      'logs',
      'log output',
    ],
    ...[
      'screenshots',
      'schritte zum reproduzieren',
      'reproduktion',
      'schritte zur reproduktion',
      'nachweis',
      'protokoll',
    ],
    ...['étapes pour reproduire', 'étapes de reproduction', 'comment reproduire', 'pasos para reproducir'],
    ...['cómo reproducir', 'pasos de reproducción', 'passos para reproduzir', 'como reproduzir'],
    ...['passi per riprodurre', 'come riprodurre', 'stappen om te reproduceren', 'reproductiestappen'],
    ...[
      'kroki do odtworzenia',
      'kroki reprodukcji',
      'jak odtworzyć',
      'шаги для воспроизведения',
      'как воспроизвести',
    ],
    ...[
      'шаги воспроизведения',
      '复现步骤',
      '重现步骤',
      '如何复现',
      '重現步驟',
      '日志',
      '再現手順',
      '再現方法',
      'ログ',
    ],
    ...['재현 방법', '재현 단계', '재현 절차', '로그'],
  ],
  acceptanceCriteria: [
    ...[
      'acceptance',
      'acceptance criteria',
      'definition of done',
      'done when',
      'success criteria',
      'requirements',
    ],
    ...['akzeptanzkriterien', 'abnahmekriterien', 'fertig wenn', 'anforderungen', 'critères d acceptation'],
    ...['critères de succès', 'criterios de aceptación', 'critérios de aceitação', 'critérios de aceite'],
    ...[
      'criteri di accettazione',
      'acceptatiecriteria',
      'kryteria akceptacji',
      'критерии приёмки',
      'критерии приемки',
    ],
    ...[
      'критерии готовности',
      '验收标准',
      '验收条件',
      '驗收標準',
      '完成标准',
      '受け入れ基準',
      '受入基準',
      '受け入れ条件',
      '完了条件',
    ],
    ...['완료 조건', '인수 조건', '수용 기준', '승인 기준'],
  ],
  nonGoals: [
    ...[
      'non goals',
      'out of scope',
      'not in scope',
      'nicht ziele',
      'nicht im umfang',
      'außerhalb des umfangs',
    ],
    ...[
      'hors périmètre',
      'hors de portée',
      'non objectifs',
      'fuera de alcance',
      'fuera del alcance',
      'no objetivos',
    ],
    ...['fora do escopo', 'fora de escopo', 'não objetivos', 'fuori ambito', 'non obiettivi', 'buiten scope'],
    ...['buiten de scope', 'poza zakresem', 'вне рамок', 'не входит в задачу', 'не цели'],
    ...['非目标', '范围外', '不在范围内', '非目標', '対象外', 'スコープ外', '범위 밖', '범위 외', '비목표'],
  ],
  risks: [
    ...['risks', 'risks and rollback', 'rollback', 'risiken', 'risques'],
    ...['riesgos', 'riscos', 'rischi', 'risico s', 'ryzyka', 'zagrożenia', 'риски', '风险', '風險'],
    ...['リスク', '위험', '리스크'],
  ],
  sourceOfTruth: [
    ...[
      'source of truth',
      'references',
      'related links',
      'documentation',
      'quellen',
      'referenzen',
      'verweise',
    ],
    ...[
      'références',
      'documentation de référence',
      'referencias',
      'fuentes',
      'referências',
      'fontes',
      'riferimenti',
    ],
    ...[
      'fonti',
      'referenties',
      'bronnen',
      'odniesienia',
      'źródła',
      'источники',
      'ссылки',
      '参考',
      '参考资料',
    ],
    ...['參考資料', '参考資料', '참고', '참고 자료', '출처'],
  ],
  stopConditions: [
    ...[
      'stop conditions',
      'stop when',
      'abort conditions',
      'when to stop',
      'abbruchbedingungen',
      'stoppbedingungen',
    ],
    ...[
      'abbruchkriterien',
      'conditions d arrêt',
      'condiciones de parada',
      'condições de parada',
      'condizioni di arresto',
    ],
    ...[
      'stopcondities',
      'stopvoorwaarden',
      'warunki zatrzymania',
      'условия остановки',
      '停止条件',
      '中止条件',
      '중단 조건',
    ],
    ...['중지 조건'],
  ],
};

/** Prepared once: the words of each field, folded as headings are. */
const WORDS = CONTRACT_FIELDS.flatMap(field =>
  (HEADING_WORDS[field.key] ?? []).map(word => ({ field, word: folded(word) })),
);

/** The field with the longest of its words in the heading; none if another field has one as long. */
export function fieldSuggestedBy(heading: string): Field | undefined {
  const name = folded(heading);
  if (name === '') return undefined;
  const found = WORDS.filter(({ word }) => isWithin(name, word));
  const longest = Math.max(0, ...found.map(({ word }) => word.length));
  const fields = new Set(found.filter(({ word }) => word.length === longest).map(({ field }) => field));
  const [field] = fields;
  return fields.size === 1 ? field : undefined;
}
