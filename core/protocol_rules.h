/*
 * protocol_rules.h - the rules that a protocol file keeps, as the loader names them: X(id, sentence).
 *
 * Shape   PRT-001..099 are the grammar's own (schemas/protocol.rng refuses the same files), PRT-100.. and the named ones
 *         say what a grammar cannot. The manual and the tests are made from this table.
 */
#ifndef CORE_PROTOCOL_RULES_H
#define CORE_PROTOCOL_RULES_H

#define AC_PROTOCOL_GRAMMAR_RULES(X) \
	X("PRT-001", "The file is well-formed XML with namespaces.") \
	X("PRT-004", "The root element is protocol in the namespace urn:aftercare:protocol:1.") \
	X("PRT-005", "Every element is one of the language.") \
	X("PRT-006", "Every element stands where the grammar allows it, in its order.") \
	X("PRT-007", "No element that the grammar demands is missing.") \
	X("PRT-008", "No element stands more often than the grammar allows.") \
	X("PRT-009", "Every attribute is one of its element.") \
	X("PRT-010", "No attribute that the grammar demands is missing.") \
	X("PRT-011", "Text stands only in elements that hold text.") \
	X("PRT-012", "An element that holds text is not empty.") \
	X("PRT-013", "An id is a small letter, then at most 63 small letters, digits and hyphens.") \
	X("PRT-014", "An attribute with a fixed set of words has one of them.") \
	X("PRT-015", "An offset is written as 48 h, 90 min, 3 d, 2 w or 3 d 08:00.") \
	X("PRT-016", "A range is written as two offsets joined by two dots: 24 h..48 h.") \
	X("PRT-017", "A language is written as in BCP 47: en, de, pt-BR.") \
	X("PRT-018", "A signature is a name, a blank and a date, which may have a time: dr.demo 2026-03-01, dr.demo 2026-03-01T09:30:00.") \
	X("PRT-019", "A seed is one or more statement numbers as S01, joined by blanks.") \
	X("PRT-020", "A number of sessions or of attempts is a whole number from 1.") \
	X("PRT-021", "The version of a protocol is 64 hexadecimal digits in small letters.") \
	X("PRT-023", "A trigger has system and code, or category, or product, and nothing else of these.") \
	X("PRT-024", "A task has from, until and range, or it has at and within, not both.") \
	X("PRT-025", "What a translation is of is written as 32 hexadecimal digits in small letters, or as the first 16 of them.") \
	X("PRT-026", "The times of a task (at) are offsets joined by blanks.") \
	X("PRT-027", "Calling hours are written as 09:00-19:00.")

#define AC_PROTOCOL_LOADER_RULES(X) \
	X("PRT-002", "A protocol has no DOCTYPE.") \
	X("PRT-003", "The file is UTF-8.") \
	X("PRT-022", "An owner, a source, a code, a category or a product is not empty.") \
	X("PRT-101", "No two lines have the same id.") \
	X("PRT-102", "A title, a text, a label, an exception or a reason stands once for each language.") \
	X("PRT-103", "No two facts have the same name, and no two values of a fact the same code.") \
	X("PRT-104", "A task asks only questions of a check-in that the protocol has.") \
	X("PRT-105", "The first offset of a range is not after its second.") \
	X("PRT-106", "A window or a task does not start after its end.") \
	X("PRT-107", "The wall-clock time of an offset is one of the day, 00:00 to 23:59.") \
	X("PRT-108", "The date of a signature is a day of the calendar.") \
	X("PRT-109", "Only a fact or question of type choice has values.") \
	X("PRT-110", "No two questions of a check-in have the same id.") \
	X("PRT-112", "Text that a person is to read is more than white space.") \
	X("PRT-113", "A series has at most 1000 sessions.") \
	X("PRT-114", "A task that is done by a record has a condition: as long as it holds, the record is missing.") \
	X("PRT-115", "The times of a task (at) ascend, and are at most 24.") \
	X("PRT-116", "A text stands in the language of the protocol, and no translation without it.") \
	X("PRT-117", "A text in the language of the protocol is a translation of nothing.") \
	X("PRT-118", "What happens when a fact is unknown is said only beside a condition.") \
	X("PRT-119", "A restriction, a warning or a red flag is not omitted because a fact is unknown.") \
	X("PRT-120", "A translated exception or reason has the concept, the evidence and the source of what it translates.") \
	X("PRT-122", "A call is tried at most 99 times, and its hours are two times of one day, the first before the second.") \
	X("PRT-123", "To whom a late task goes is said only beside the time after which it does.") \
	X("PRT-LIMIT", "A protocol has at most 1 MiB, 2000 lines, 16000 elements and a depth of 16.") \
	X("PRT-CONDITION", "A condition is an expression of the subset of XPath that core/condition.h describes.") \
	X("PRT-FACT", "A condition reads only the vocabulary, facts that the protocol declares, and the check-in's own questions.") \
	X("PRT-CONDITION-TYPE", "A condition compares values of types that can be compared, and is itself true or false.")

#endif
