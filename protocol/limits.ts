/** What is refused for its size or number. One table: schemas, docs and tests read it. */
export const limits = {
  /** Bytes of one frame. Browsers cannot fragment, and API Gateway closes above 32 KB with 1009. */
  frameBytes: 32_768,
  /** Bytes of a PrinterState as JSON, so that every frame that carries one fits. */
  stateBytes: 12_288,
  /** Bytes of keyframe and patch together that fit one write unit with the other attributes. */
  oneWriteBytes: 900,
  /** Characters of a short text: status, port, profile, origin, user. */
  shortText: 128,
  /** Characters of a file's name or of an error's text. */
  longText: 512,
  /** Characters of a file's path inside OctoPrint's folders. */
  pathText: 1024,
  /** Heaters of one printer: tools, bed, chamber and what plugins add. */
  heaters: 16,
  /** Entries of an array value (filament of each tool). */
  arrayEntries: 16,
  /** Printers one connection can be subscribed to. */
  subscriptions: 64,
  /** Events in one batch of an agent. */
  eventsPerBatch: 20,
  /** Events, and print records, in one answer of REST. */
  eventsPerPage: 100,
  printsPerPage: 50,
  /** Buckets of one answer of temperature history. */
  historyBuckets: 3_000,
  /** Columns and coded numbers of one chunk of temperature history. */
  historyColumns: 32,
  historyNumbers: 600,
  /** Event sources whose high-water mark the log keeps. */
  sources: 8,
  /** Characters of a name that people give: a site, a printer, a share link, an invitation. */
  nameText: 64,
  /** Of one site. */
  printersPerSite: 200,
  peoplePerSite: 500,
  sharesPerSite: 100,
  invitationsPerSite: 100,
  /** People let in to one printer alone; more belong on the site. */
  viewersPerPrinter: 100,
  /** Open connections of one person or printer, and of all guests of one share link. */
  connectionsPerPrincipal: 20,
  connectionsPerShare: 250,
  /** Entries in one page of a site's audit. */
  auditPerPage: 100,
  /** Bytes of the body of an HTTP request. */
  bodyBytes: 4_096,
  /** Superseded agent instances that STATE keeps. */
  pastInstances: 8,
} as const
