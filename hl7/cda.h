/*
 * cda.h - a C-CDA R2.1 Care Plan: as a struct, as bytes, and what a given document says of itself.
 *
 * Shape   the struct is the document's content in the standard's own parts; the writer knows the templates,
 *         their fixed codes and the order of elements. Absent members become nullFlavors where the standard
 *         wants the element. Times are HL7 TS text as made by ac_hl7_ts. Narrative ids are the caller's:
 *         letters and digits, a letter first, each once in the document; every statement names the narrative
 *         that tells it.
 * Owner   all members are borrowed until cda_write returns; its result lives in the arena.
 * Errors  AC_EINPUT with the broken rule (CONF:...) when a document lacks what no absent member can excuse;
 *         AC_ELIMIT CDA-SIZE. The reader: CDA-DOCTYPE, CDA-SYNTAX, CDA-ENCODING, CDA-ROOT, CDA-HEADER
 *         (AC_EINPUT), CDA-SIZE, CDA-DEPTH, CDA-NODES (AC_ELIMIT). Messages hold no content of the document.
 * Threads no shared state. Reading uses libxml2: call xmlInitParser() in main before threads start.
 * PHI     all of it.
 * Source  HL7 CDA R2, C-CDA R2.1 Care Plan (2.16.840.1.113883.10.20.22.1.15:2015-08-01).
 */
#ifndef HL7_CDA_H
#define HL7_CDA_H

#include "base/arena.h"
#include "base/err.h"
#include "base/hash.h"

#define CDA_BYTES_MAX (8 * 1024 * 1024)
#define CDA_DEPTH_MAX 64
#define CDA_NODES_MAX 200000

struct cda_id {
	struct ac_str root;      /* OID or UUID */
	struct ac_str extension; /* absent: the root is the whole id */
	struct ac_str authority; /* who gives such ids, for people */
	const char *null;        /* with a root: an id of that kind exists ("UNK") or cannot ("NA") */
};
struct cda_code {
	struct ac_str code, system, system_name, display;
	const char *null;   /* instead of a code: "OTH" (none fits), "UNK"; NULL with an absent code is UNK */
	struct ac_str ref;  /* the narrative that holds the original text */
	struct ac_str text; /* the original text itself, where there is no narrative */
	const struct cda_code *translation; /* the sender's own code */
};
struct cda_addr {
	const char *use; /* HP, WP */
	const struct ac_str *line;
	size_t nlines; /* from the fifth on they share the fourth */
	struct ac_str city, state, postal_code, country;
};
struct cda_telecom {
	const char *use, *scheme; /* HP, MC, WP; "tel:", "mailto:" */
	struct ac_str value;      /* as people write it */
};
struct cda_name { /* given and family, or what there is of them as one string */
	const struct ac_str *given;
	size_t ngiven;
	struct ac_str family;
};
struct cda_org {
	const struct cda_id *ids;
	size_t nids;
	struct ac_str name;
	struct cda_telecom telecom;
	const struct cda_addr *addr;
};
struct cda_party { /* a person in a role */
	const struct cda_id *ids;
	size_t nids;
	const struct cda_code *code; /* NULL: the element with nullFlavor, where it is asked for */
	const struct cda_addr *addr;
	const struct cda_telecom *telecoms;
	size_t ntelecoms;
	struct cda_name name;
	const struct cda_org *org;
};
struct cda_patient {
	const struct cda_id *ids;
	size_t nids;
	struct cda_addr addr;
	const struct cda_telecom *telecoms;
	size_t ntelecoms;
	struct cda_name name;
	struct cda_code gender;
	struct ac_str birth, deceased, language;
	const struct cda_party *guardian; /* code: the relation */
};
struct cda_device {
	const struct cda_id *ids;
	size_t nids;
	const struct cda_org *org; /* its address and number are the device's too */
	struct ac_str maker, software;
};
struct cda_participant {
	const char *type, *role_class; /* IND PRS, VRF ASSIGNED */
	const struct cda_code *function;
	struct ac_str time;
	const struct cda_party *party;
};
struct cda_time { /* a point, an interval, or nothing known */
	struct ac_str value, low, high;
};
/* Who said it and when: one rendering serves all statements of a document. */
struct cda_said {
	struct ac_str time;
	const struct cda_id *ids;
	size_t nids;
};

enum cda_template {
	CDA_HEALTH_CONCERN,       /* 22.4.132 */
	CDA_RISK_CONCERN,         /* 22.4.136 */
	CDA_HEALTH_STATUS,        /* 22.4.5 */
	CDA_PROBLEM,              /* 22.4.4 */
	CDA_GOAL,                 /* 22.4.121 */
	CDA_PRIORITY,             /* 22.4.143 */
	CDA_INTERVENTION,         /* 22.4.131 */
	CDA_PLANNED_INTERVENTION, /* 22.4.146 */
	CDA_PLANNED_ACT,          /* 22.4.39 */
	CDA_PLANNED_ENCOUNTER,    /* 22.4.40 */
	CDA_PLANNED_PROCEDURE,    /* 22.4.41 */
	CDA_INSTRUCTION,          /* 22.4.20 */
	CDA_PROCEDURE,            /* 22.4.14 */
	CDA_PROCEDURE_ACT,        /* 22.4.12 */
	CDA_OUTCOME,              /* 22.4.144 */
	CDA_PROGRESS,             /* 22.4.110 */
	CDA_ENTRY_REFERENCE,      /* 22.4.122: `id` is that of the entry meant */
	CDA_TEMPLATES
};
struct cda_statement;
struct cda_link {
	const char *type; /* REFR, RSON, SUBJ, COMP, GEVL, SPRT */
	bool inverted;
	const struct cda_statement *to;
	struct ac_str entry; /* instead of `to`: an Entry Reference to the statement with this id */
};
struct cda_statement {
	enum cda_template is;
	const char *mood, *status; /* NULL: the template's own */
	struct ac_str id;     /* under the document's id; not written for an instruction, which needs none */
	struct ac_str ref;    /* the narrative that tells it */
	struct cda_code code; /* only where the template fixes none */
	struct cda_time time;
	const struct cda_code *value; /* observations */
	const struct cda_code *site;  /* procedures */
	const struct cda_party *performer;
	const struct cda_said *said;
	const struct cda_link *links;
	size_t nlinks;
};

enum cda_block_kind { CDA_PARAGRAPH, CDA_LIST, CDA_TABLE };
struct cda_cell {
	struct ac_str id, text;
	struct ac_str language; /* absent: the document's */
	const char *style;      /* "Bold"; NULL */
};
struct cda_block { /* a paragraph has one cell, a list one per item, a table ncolumns per row */
	enum cda_block_kind kind;
	struct ac_str id; /* of a table, for what speaks of all its rows */
	struct ac_str caption;
	const char *const *head;
	size_t ncolumns;
	const struct cda_cell *cells;
	size_t ncells;
};
enum cda_section_kind { CDA_CONCERNS, CDA_GOALS, CDA_INTERVENTIONS, CDA_OUTCOMES, CDA_SECTIONS };
struct cda_section {
	const char *null; /* "NI": there is nothing to say in entries; then it has none */
	const struct cda_block *blocks;
	size_t nblocks;
	const struct cda_statement *const *entries;
	size_t nentries;
};
struct cda_document {
	struct ac_uuid id, set_id;
	uint32_t version;
	struct cda_code code; /* of Care Plan Document Type */
	struct ac_str title, time, language;
	const char *confidentiality; /* N, R, V */
	struct cda_patient patient;
	struct cda_device author;
	struct cda_org custodian;
	const struct cda_party *recipient;           /* optional */
	const struct cda_party *legal_authenticator; /* optional */
	struct ac_str signed_at;
	const struct cda_participant *participants;
	size_t nparticipants;
	struct cda_time service;                   /* low always */
	const struct cda_party *const *performers; /* none: one of whom nothing is known */
	size_t nperformers;
	bool replaces;
	struct ac_uuid former_id;
	uint32_t former_version;
	struct cda_id encounter;
	struct cda_time encounter_time;
	struct cda_section sections[CDA_SECTIONS];
};

/* An OID or a UUID: what may be the root of an id or name a code system. */
bool cda_root_is_ok(struct ac_str root);

enum ac_code cda_write(const struct cda_document *d, struct ac_arena *a, struct ac_str *ret_xml,
    struct ac_err *reterr) AC_MUST_CHECK;

/* What a document says of itself. */
struct cda_summary {
	struct ac_str id_root, id_extension, set_root, set_extension;
	struct ac_str code, title, time;
	uint32_t version;        /* 0: none given */
	struct ac_str former_id; /* of a document that this one replaces; absent: none */
	uint32_t former_version;
	bool is_care_plan; /* claims 22.1.15:2015-08-01 */
	size_t nodes, depth;
};
/*
 * Reads all of it: well formed, UTF-8, no DOCTYPE, ClinicalDocument of urn:hl7-org:v3 with id, code and
 * effectiveTime.
 */
enum ac_code cda_read(
    struct ac_str xml, struct ac_arena *a, struct cda_summary *ret, struct ac_err *reterr) AC_MUST_CHECK;

#endif
