/* full_snapshot.h - a snapshot with every member that there is; invented people. */
#ifndef TESTS_FULL_SNAPSHOT_H
#define TESTS_FULL_SNAPSHOT_H

static const char full_snapshot[] =
    "{ \"schema\": \"aftercare/encounter/1\", \"source\": { \"system\": \"openemr\", \"site\": \"default\" },\n"
    "  \"encounter\": { \"id\": \"5\", \"revision\": 1774708440000000, \"status\": \"finished\",\n"
    "    \"start\": \"2026-03-28T14:00:00+01:00\", \"end\": \"2026-03-28T14:40:00+01:00\", \"zone\": \"Europe/Berlin\",\n"
    "    \"category\": \"Mesotherapy\", \"reason\": \"session 2\", \"sensitivity\": \"normal\", \"follow_up_of\": \"4\",\n"
    "    \"signed\": \"2026-03-28T23:40:00+01:00\",\n"
    "    \"signed_by\": { \"id\": \"3\", \"npi\": \"1234567893\", \"given\": [\"Grace\"], \"family\": \"Example\",\n"
    "      \"phone\": \"+49 30 5550102\" } },\n"
    "  \"patient\": { \"id\": \"1\", \"identifiers\": [ { \"system\": \"urn:oid:2.16.840.1.113883.19.5\", \"value\": \"A-17\" } ],\n"
    "    \"given\": [\"Ada\"], \"family\": \"Example\", \"birth_date\": \"1988-04-02\", \"sex\": \"female\", \"deceased\": null,\n"
    "    \"language\": \"en\", \"interpreter\": false, \"phone\": \"+49 30 5550100\", \"email\": \"ada@example.org\",\n"
    "    \"contact\": { \"voice\": true, \"leave_message\": false, \"sms\": true, \"email\": true },\n"
    "    \"address\": { \"line\": [\"Hauptstr. 1\"], \"city\": \"Berlin\", \"state\": \"BE\", \"postal_code\": \"10115\",\n"
    "      \"country\": \"DE\" },\n"
    "    \"guardian\": { \"name\": \"Eve Example\", \"relation\": \"mother\", \"phone\": \"+49 30 5550101\" } },\n"
    "  \"provider\": { \"id\": \"3\", \"npi\": \"1234567893\", \"given\": [\"Grace\"], \"family\": \"Example\",\n"
    "    \"phone\": \"+49 30 5550102\" },\n"
    "  \"clinic\": { \"id\": \"1\", \"name\": \"Demo Clinic\", \"phone\": \"+49 30 5550103\", \"country\": \"DE\",\n"
    "    \"address\": { \"line\": [\"Beispielweg 2\"], \"city\": \"Berlin\", \"state\": \"BE\", \"postal_code\": \"10115\" } },\n"
    "  \"procedures\": [ { \"id\": \"b17\", \"system\": \"CPT4\", \"code\": \"17999\", \"text\": \"Mesotherapy, face\",\n"
    "    \"status\": \"performed\", \"performed\": \"2026-03-28T14:35:00+01:00\", \"performer\": { \"id\": \"3\" },\n"
    "    \"products\": [ { \"name\": \"HA complex\", \"lot\": \"L-2231\", \"expires\": \"2027-01\" } ] } ],\n"
    "  \"conditions\": { \"reviewed\": { \"allergy\": true, \"medication\": false },\n"
    "    \"items\": [ { \"kind\": \"allergy\", \"system\": null, \"code\": null, \"text\": \"lidocaine\", \"status\": \"active\" } ] },\n"
    "  \"appointments\": [ { \"id\": \"77\", \"start\": \"2026-04-11T10:00:00+02:00\", \"category\": \"Follow-up\",\n"
    "    \"status\": \"booked\" } ],\n"
    "  \"facts\": { \"area\": [\"face\"], \"technique\": \"needle\", \"indication\": \"rejuvenation\", \"session\": 2, \"sessions\": 6 }\n"
    "}\n";

#endif
