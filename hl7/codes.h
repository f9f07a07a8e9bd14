/*
 * codes.h - code systems and the few code tables that documents need, each with its source.
 *
 * Shape   constant tables; names are compared without case and punctuation ("CPT4", "SNOMED-CT",
 *         "ICD10-PCS"). A "urn:oid:" name is its own answer.
 * Source  C-CDA R2.1 Schematron (systems allowed for procedures), HL7 RoleCode in value set
 *         2.16.840.1.113883.11.20.12.1, Body Site value set 2.16.840.1.113883.3.88.12.3221.8.9.
 */
#ifndef HL7_CODES_H
#define HL7_CODES_H

#include "base/str.h"

#define CODES_SNOMED "2.16.840.1.113883.6.96"
#define CODES_LOINC "2.16.840.1.113883.6.1"
#define CODES_CPT "2.16.840.1.113883.6.12"
#define CODES_NPI "2.16.840.1.113883.4.6"
#define CODES_ROLE "2.16.840.1.113883.5.111"
#define CODES_GENDER "2.16.840.1.113883.5.1"

struct codes_system {
	struct ac_str oid, name; /* name may be absent */
};
/* Which system does an EHR mean by `name`? False: not one that we know. */
bool codes_find_system(struct ac_str name, struct codes_system *ret);
/* RoleCode of a relation in English words ("mother"); NULL: none known. */
const char *codes_relation(struct ac_str word);
/* SNOMED CT body site of an area in English words ("face"); NULL: none known. */
const char *codes_body_site(struct ac_str word, const char **ret_display);
/* Administrative gender F, M, UN of "female", "male", "other"; NULL: unknown. */
const char *codes_gender(struct ac_str word, const char **ret_display);

#endif
