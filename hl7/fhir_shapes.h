/*
 * fhir_shapes.h - inside of the reader and the writer: what each struct's members are called, their types and order.
 *
 * Shape   a constant table that both walk; the only place that knows a member's name in JSON.
 */
#ifndef HL7_FHIR_SHAPES_H
#define HL7_FHIR_SHAPES_H

#include "hl7/fhir_plan_definition.h"

enum fhir_kind {
	FHIR_K_STRING,
	FHIR_K_CODE, /* single blanks inside, none at the ends */
	FHIR_K_URI,  /* no blanks */
	FHIR_K_ID,   /* letters, digits, '-', '.'; 64 at most */
	FHIR_K_TEXT, /* a string with translations */
	FHIR_K_BOOL,
	FHIR_K_COUNT, /* positiveInt */
	FHIR_K_DECIMAL,
	FHIR_K_OBJECT, /* a pointer to a struct */
	FHIR_K_OBJECTS /* FHIR_LIST of structs */
};
struct fhir_shape;
struct fhir_member {
	const char *name;
	enum fhir_kind kind;
	bool required;
	char choice; /* members with the same letter are one choice [x]; 0: none */
	size_t at;
	const struct fhir_shape *of;
	const char *const *words; /* a required binding; NULL: any */
};
#define FHIR_NO_POINTER ((size_t)-1)
struct fhir_shape {
	const char *resource; /* its resourceType; NULL: no resource */
	size_t size;
	size_t pointer_at;                 /* where its JSON Pointer is kept */
	const struct fhir_member *members; /* ended by one without a name */
};
struct fhir_any_list {
	void *v;
	size_t n;
};
extern const struct fhir_shape fhir_shape_plan_definition;

#endif
