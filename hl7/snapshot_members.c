/* snapshot_members.c - the table of CONTRACTS "Snapshot", in canonical order. */
#include "hl7/snapshot_members.h"

#define ROW(T, name_, type_, member) \
	{ \
		.name = (name_), .type = ENC_M_##type_, .at = offsetof(T, member), .n = ENC_NOWHERE, \
		.has = ENC_NOWHERE \
	}
#define MUST(T, name_, type_, member) \
	{ \
		.name = (name_), .type = ENC_M_##type_, .required = true, .at = offsetof(T, member), \
		.n = ENC_NOWHERE, .has = ENC_NOWHERE \
	}
/* members of the same struct, grouped in an object of their own */
#define GROUP(name_, must, has_, sub_) \
	{ \
		.name = (name_), .type = ENC_M_OBJECT, .required = (must), .n = ENC_NOWHERE, .has = (has_), \
		.sub = (sub_) \
	}
#define OBJ(T, name_, must, member, has_, sub_) \
	{ \
		.name = (name_), .type = ENC_M_OBJECT, .required = (must), .at = offsetof(T, member), \
		.n = ENC_NOWHERE, .has = (has_), .sub = (sub_) \
	}
#define LIST(T, name_, member, count, has_, sub_) \
	{ \
		.name = (name_), .type = ENC_M_LIST, .at = offsetof(T, member), .n = offsetof(T, count), \
		.has = (has_), .size = sizeof(*((T *)NULL)->member), .sub = (sub_) \
	}
#define END \
	{ \
		.name = NULL \
	}

static const struct enc_member source[] = {
	ROW(struct encounter, "system", TEXT, system),
	MUST(struct encounter, "site", ID, site),
	END,
};

static const struct enc_member person[] = {
	ROW(struct enc_person, "id", ID, id),
	ROW(struct enc_person, "npi", ID, npi),
	ROW(struct enc_person, "given", STRS, given),
	ROW(struct enc_person, "family", TEXT, family),
	ROW(struct enc_person, "phone", TEXT, phone),
	END,
};

static const struct enc_member encounter[] = {
	MUST(struct encounter, "id", ID, id),
	MUST(struct encounter, "revision", REVISION, revision),
	MUST(struct encounter, "status", STATUS, status),
	MUST(struct encounter, "start", TIME, start),
	ROW(struct encounter, "end", TIME, end),
	MUST(struct encounter, "zone", ZONE, zone),
	ROW(struct encounter, "category", TEXT, category),
	ROW(struct encounter, "reason", TEXT, reason),
	ROW(struct encounter, "sensitivity", TEXT, sensitivity),
	ROW(struct encounter, "follow_up_of", ID, follow_up_of),
	ROW(struct encounter, "signed", TIME, signed_at),
	OBJ(struct encounter, "signed_by", false, signed_by, offsetof(struct encounter, has_signed_by),
	    person),
	END,
};

static const struct enc_member identifier[] = {
	ROW(struct enc_identifier, "system", TEXT, system),
	ROW(struct enc_identifier, "value", ID, value),
	END,
};
static const struct enc_member contact[] = {
	ROW(struct enc_patient, "voice", TRI, voice),
	ROW(struct enc_patient, "leave_message", TRI, leave_message),
	ROW(struct enc_patient, "sms", TRI, sms),
	ROW(struct enc_patient, "email", TRI, email_ok),
	END,
};
static const struct enc_member patient_address[] = {
	ROW(struct enc_patient, "line", STRS, address_line),
	ROW(struct enc_patient, "city", TEXT, city),
	ROW(struct enc_patient, "state", TEXT, state),
	ROW(struct enc_patient, "postal_code", TEXT, postal_code),
	ROW(struct enc_patient, "country", TEXT, country),
	END,
};
static const struct enc_member guardian[] = {
	ROW(struct enc_patient, "name", TEXT, guardian_name),
	ROW(struct enc_patient, "relation", TEXT, guardian_relation),
	ROW(struct enc_patient, "phone", TEXT, guardian_phone),
	END,
};
static const struct enc_member patient[] = {
	MUST(struct enc_patient, "id", ID, id),
	LIST(struct enc_patient, "identifiers", identifiers, nidentifiers, ENC_NOWHERE, identifier),
	ROW(struct enc_patient, "given", STRS, given),
	MUST(struct enc_patient, "family", TEXT, family),
	ROW(struct enc_patient, "birth_date", DATE, birth_date),
	ROW(struct enc_patient, "sex", TEXT, sex),
	ROW(struct enc_patient, "deceased", MOMENT, deceased),
	ROW(struct enc_patient, "language", TEXT, language),
	ROW(struct enc_patient, "interpreter", TRI, interpreter),
	ROW(struct enc_patient, "phone", TEXT, phone),
	ROW(struct enc_patient, "email", TEXT, email),
	GROUP("contact", false, ENC_NOWHERE, contact),
	GROUP("address", false, offsetof(struct enc_patient, has_address), patient_address),
	GROUP("guardian", false, offsetof(struct enc_patient, has_guardian), guardian),
	END,
};

static const struct enc_member clinic_address[] = {
	ROW(struct encounter, "line", STRS, clinic_address_line),
	ROW(struct encounter, "city", TEXT, clinic_city),
	ROW(struct encounter, "state", TEXT, clinic_state),
	ROW(struct encounter, "postal_code", TEXT, clinic_postal_code),
	END,
};
static const struct enc_member clinic[] = {
	ROW(struct encounter, "id", ID, clinic_id),
	ROW(struct encounter, "name", TEXT, clinic_name),
	ROW(struct encounter, "phone", TEXT, clinic_phone),
	ROW(struct encounter, "country", TEXT, clinic_country),
	GROUP("address", false, ENC_NOWHERE, clinic_address),
	END,
};

static const struct enc_member product[] = {
	ROW(struct enc_product, "name", TEXT, name),
	ROW(struct enc_product, "lot", TEXT, lot),
	ROW(struct enc_product, "expires", TEXT, expires),
	END,
};
static const struct enc_member procedure[] = {
	ROW(struct enc_procedure, "id", ID, id),
	ROW(struct enc_procedure, "system", TEXT, system),
	ROW(struct enc_procedure, "code", ID, code),
	ROW(struct enc_procedure, "text", TEXT, text),
	ROW(struct enc_procedure, "status", PROC_STATUS, status),
	ROW(struct enc_procedure, "performed", TIME, performed),
	OBJ(struct enc_procedure, "performer", false, performer, ENC_NOWHERE, person),
	LIST(struct enc_procedure, "products", products, nproducts, ENC_NOWHERE, product),
	END,
};

static const struct enc_member reviewed[] = {
	ROW(struct encounter, "allergy", TRI, allergy_reviewed),
	ROW(struct encounter, "medication", TRI, medication_reviewed),
	ROW(struct encounter, "problem", TRI, problem_reviewed),
	END,
};
static const struct enc_member condition[] = {
	ROW(struct enc_condition, "kind", KIND, kind),
	ROW(struct enc_condition, "system", TEXT, system),
	ROW(struct enc_condition, "code", ID, code),
	ROW(struct enc_condition, "text", TEXT, text),
	ROW(struct enc_condition, "status", TEXT, status),
	END,
};
static const struct enc_member conditions[] = {
	GROUP("reviewed", false, ENC_NOWHERE, reviewed),
	LIST(struct encounter, "items", conditions, nconditions, offsetof(struct encounter, has_conditions),
	    condition),
	END,
};

static const struct enc_member appointment[] = {
	ROW(struct enc_appointment, "id", ID, id),
	ROW(struct enc_appointment, "start", TIME, start),
	ROW(struct enc_appointment, "category", TEXT, category),
	ROW(struct enc_appointment, "status", TEXT, status),
	END,
};

const struct enc_member enc_members[] = {
	{ .name = "schema", .type = ENC_M_SCHEMA, .required = true, .n = ENC_NOWHERE, .has = ENC_NOWHERE },
	GROUP("source", true, ENC_NOWHERE, source),
	GROUP("encounter", true, ENC_NOWHERE, encounter),
	OBJ(struct encounter, "patient", true, patient, ENC_NOWHERE, patient),
	OBJ(struct encounter, "provider", false, provider, offsetof(struct encounter, has_provider), person),
	GROUP("clinic", false, offsetof(struct encounter, has_clinic), clinic),
	LIST(struct encounter, "procedures", procedures, nprocedures, ENC_NOWHERE, procedure),
	GROUP("conditions", false, ENC_NOWHERE, conditions),
	LIST(struct encounter, "appointments", appointments, nappointments, ENC_NOWHERE, appointment),
	{ .name = "facts",
	    .type = ENC_M_FACTS,
	    .at = offsetof(struct encounter, facts),
	    .n = offsetof(struct encounter, nfacts),
	    .has = ENC_NOWHERE },
	END,
};
