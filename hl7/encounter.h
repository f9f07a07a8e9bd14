/*
 * encounter.h - what every input (our JSON snapshot, HL7 v2, FHIR) decodes to: the encounter as it is now.
 *
 * Shape   CONTRACTS "Snapshot". Absent text is { NULL, 0 }, absent lists have n = 0, absent times precision 0. Text is
 *         valid UTF-8 without NUL. Only site, encounter id, revision, status, start, zone, patient id and family are
 *         always there.
 * Owner   the arena given to the decoder; immutable afterwards.
 * PHI     all of it.
 */
#ifndef HL7_ENCOUNTER_H
#define HL7_ENCOUNTER_H

#include "base/str.h"
#include "base/time.h"

/* Limits on what a snapshot may hold; more is AC_ELIMIT with rule ENC-LIMIT. */
#define ENC_ITEMS_MAX 256     /* entries of any one list */
#define ENC_TEXT_MAX 4096     /* bytes of any one text */
#define ENC_ID_MAX 128        /* bytes of any one identifier */
#define ENC_REVISION_MAX ((int64_t)1 << 53)

enum enc_status {
	ENC_PLANNED,
	ENC_ARRIVED,
	ENC_IN_PROGRESS,
	ENC_FINISHED,
	ENC_CANCELLED,
	ENC_NO_SHOW,
	ENC_ENTERED_IN_ERROR
};
enum enc_procedure_status { ENC_PROC_PERFORMED, ENC_PROC_PLANNED, ENC_PROC_CANCELLED };

struct enc_strs {
	struct ac_str *v;
	size_t n;
};
enum enc_tri { ENC_UNKNOWN, ENC_NO, ENC_YES };

struct enc_identifier {
	struct ac_str system, value;
};
struct enc_person { /* provider, performer, signer */
	struct ac_str id, npi, family, phone;
	struct enc_strs given;
};
struct enc_patient {
	struct ac_str id, family, sex, language, phone, email;
	struct enc_strs given;
	struct enc_identifier *identifiers;
	size_t nidentifiers;
	struct ac_stamp birth_date, deceased;
	enum enc_tri interpreter, voice, leave_message, sms, email_ok;
	struct enc_strs address_line;
	struct ac_str city, state, postal_code, country;
	bool has_address, has_guardian;
	struct ac_str guardian_name, guardian_relation, guardian_phone;
};
struct enc_product {
	struct ac_str name, lot, expires;
};
struct enc_procedure {
	struct ac_str id, system, code, text;
	enum enc_procedure_status status;
	struct ac_stamp performed;
	struct enc_person performer;
	struct enc_product *products;
	size_t nproducts;
};
struct enc_condition {
	struct ac_str kind; /* allergy, medication, problem */
	struct ac_str system, code, text, status;
};
struct enc_appointment {
	struct ac_str id, category, status;
	struct ac_stamp start;
};
enum enc_fact_type { ENC_FACT_STRING, ENC_FACT_NUMBER, ENC_FACT_BOOL, ENC_FACT_STRINGS };
struct enc_fact {
	struct ac_str name;
	enum enc_fact_type type;
	struct enc_strs s; /* one for a string; for a number its shortest form, for a bool "true" or "false" */
};
struct encounter {
	struct ac_str system, site; /* source */
	struct ac_str id, zone, category, reason, sensitivity, follow_up_of;
	int64_t revision;
	enum enc_status status;
	struct ac_stamp start, end, signed_at;
	bool has_signed_by, has_provider, has_clinic;
	struct enc_person signed_by, provider;
	struct enc_patient patient;
	struct ac_str clinic_id, clinic_name, clinic_phone, clinic_country;
	struct enc_strs clinic_address_line;
	struct ac_str clinic_city, clinic_state, clinic_postal_code;
	struct enc_procedure *procedures;
	size_t nprocedures;
	enum enc_tri allergy_reviewed, medication_reviewed, problem_reviewed;
	struct enc_condition *conditions;
	size_t nconditions;
	bool has_conditions; /* the list itself was given, empty or not */
	struct enc_appointment *appointments;
	size_t nappointments;
	struct enc_fact *facts;
	size_t nfacts;
};

const char *enc_status_word(enum enc_status s);
const char *enc_procedure_status_word(enum enc_procedure_status s);

#endif
