/* cda_header.c - the US Realm Header of a Care Plan, in the order of the XSD. */
#include "hl7/cda_parts.h"

static void
put_start(struct ac_xw *w, const struct cda_document *d)
{
	CDA_RAW(w,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<ClinicalDocument xmlns=\"urn:hl7-org:v3\" "
	    "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""
	    " xmlns:sdtc=\"urn:hl7-org:sdtc\">\n"
	    "<realmCode code=\"US\"/><typeId root=\"2.16.840.1.113883.1.3\" extension=\"POCD_HD000040\"/>"
	    "<templateId root=\"2.16.840.1.113883.10.20.22.1.1\"/>"
	    "<templateId root=\"2.16.840.1.113883.10.20.22.1.1\" extension=\"2015-08-01\"/>"
	    "<templateId root=\"2.16.840.1.113883.10.20.22.1.15\" extension=\"2015-08-01\"/>\n");
	cda_put_uuid(w, d->id);
	cda_put_code(w, "code", NULL, &d->code);
	ac_xw_elem(w, "title", d->title);
	cda_put_point(w, "effectiveTime", d->time);
	CDA_RAW(w, "<confidentialityCode code=\"");
	cda_rawc(w, d->confidentiality != NULL ? d->confidentiality : "N");
	CDA_RAW(w, "\" codeSystem=\"2.16.840.1.113883.5.25\"/>");
	ac_xw_open(w, "languageCode");
	ac_xw_attr(w, "code", d->language.n != 0 ? d->language : AC_S("en-US"));
	ac_xw_close(w);
}

static void
put_set(struct ac_xw *w, struct ac_uuid set_id, uint32_t version)
{
	cda_put_uuid_as(w, "setId", set_id);
	ac_xw_open(w, "versionNumber");
	ac_xw_attrf(w, "value", "%u", (unsigned)version);
	ac_xw_close(w);
}

static void
put_guardian(struct ac_xw *w, const struct cda_party *g)
{
	static const struct cda_code unknown = { .null = "UNK" };

	CDA_RAW(w, "<guardian>");
	cda_put_code(w, "code", NULL, g->code != NULL ? g->code : &unknown);
	cda_put_addr(w, g->addr);
	cda_put_telecoms(w, g->telecoms, g->ntelecoms, "HP");
	CDA_RAW(w, "<guardianPerson>");
	cda_put_name(w, &g->name);
	CDA_RAW(w, "</guardianPerson></guardian>");
}

static void
put_language(struct ac_xw *w, struct ac_str language)
{
	CDA_RAW(w, "<languageCommunication>");
	ac_xw_open(w, "languageCode");
	if (language.n == 0)
		ac_xw_attrc(w, "nullFlavor", "UNK");
	else
		ac_xw_attr(w, "code", language);
	ac_xw_close(w);
	CDA_RAW(w, "<proficiencyLevelCode nullFlavor=\"UNK\"/>");
	if (language.n == 0)
		CDA_RAW(w, "<preferenceInd nullFlavor=\"UNK\"/>");
	else
		CDA_RAW(w, "<preferenceInd value=\"true\"/>");
	CDA_RAW(w, "</languageCommunication>");
}

static void
put_patient(struct ac_xw *w, const struct cda_patient *p)
{
	CDA_RAW(w, "\n<recordTarget><patientRole>");
	cda_put_ids(w, p->ids, p->nids);
	cda_put_addr(w, &p->addr);
	cda_put_telecoms(w, p->telecoms, p->ntelecoms, "HP");
	CDA_RAW(w, "<patient>");
	cda_put_patient_name(w, &p->name);
	cda_put_code(w, "administrativeGenderCode", NULL, &p->gender);
	cda_put_point(w, "birthTime", p->birth);
	if (p->deceased.n != 0) {
		CDA_RAW(w, "<sdtc:deceasedInd value=\"true\"/>");
		cda_put_point(w, "sdtc:deceasedTime", p->deceased);
	}
	CDA_RAW(w, "<maritalStatusCode nullFlavor=\"UNK\"/><raceCode nullFlavor=\"UNK\"/>"
		   "<ethnicGroupCode nullFlavor=\"UNK\"/>");
	if (p->guardian != NULL)
		put_guardian(w, p->guardian);
	put_language(w, p->language);
	CDA_RAW(w, "</patient></patientRole></recordTarget>");
}

static void
put_author(struct ac_xw *w, const struct cda_document *d)
{
	const struct cda_device *dev = &d->author;
	const struct cda_telecom none = { .use = "WP" };

	CDA_RAW(w, "\n<author>");
	cda_put_point(w, "time", d->time);
	CDA_RAW(w, "<assignedAuthor>");
	cda_put_ids(w, dev->ids, dev->nids);
	cda_put_addr(w, dev->org != NULL ? dev->org->addr : NULL);
	cda_put_telecoms(w, dev->org != NULL ? &dev->org->telecom : &none, 1, "WP");
	CDA_RAW(w, "<assignedAuthoringDevice>");
	ac_xw_elem(w, "manufacturerModelName", dev->maker);
	ac_xw_elem(w, "softwareName", dev->software);
	CDA_RAW(w, "</assignedAuthoringDevice>");
	if (dev->org != NULL)
		cda_put_org(w, "representedOrganization", dev->org);
	CDA_RAW(w, "</assignedAuthor></author>");
}

static void
put_recipient(struct ac_xw *w, const struct cda_party *r)
{
	CDA_RAW(w, "\n<informationRecipient><intendedRecipient>");
	cda_put_ids(w, r->ids, r->nids);
	cda_put_addr(w, r->addr);
	cda_put_telecoms(w, r->telecoms, r->ntelecoms, "WP");
	CDA_RAW(w, "<informationRecipient>");
	cda_put_name(w, &r->name);
	CDA_RAW(w, "</informationRecipient>");
	if (r->org != NULL) {
		CDA_RAW(w, "<receivedOrganization>");
		cda_put_ids(w, r->org->ids, r->org->nids);
		ac_xw_open(w, "name");
		if (cda_is_blank(r->org->name))
			ac_xw_attrc(w, "nullFlavor", "UNK");
		else
			ac_xw_text(w, r->org->name);
		ac_xw_close(w);
		CDA_RAW(w, "<standardIndustryClassCode nullFlavor=\"UNK\"/></receivedOrganization>");
	}
	CDA_RAW(w, "</intendedRecipient></informationRecipient>");
}

static void
put_legal_authenticator(struct ac_xw *w, const struct cda_document *d)
{
	CDA_RAW(w, "\n<legalAuthenticator>");
	cda_put_point(w, "time", d->signed_at);
	CDA_RAW(w, "<signatureCode code=\"S\"/><assignedEntity>");
	cda_put_party(w, d->legal_authenticator);
	CDA_RAW(w, "</assignedEntity></legalAuthenticator>");
}

static void
put_participant(struct ac_xw *w, const struct cda_participant *p)
{
	ac_xw_open(w, "participant");
	ac_xw_attrc(w, "typeCode", p->type);
	if (p->function != NULL)
		cda_put_code(w, "functionCode", NULL, p->function);
	if (p->function != NULL || p->time.n != 0)
		cda_put_point(w, "time", p->time);
	ac_xw_open(w, "associatedEntity");
	ac_xw_attrc(w, "classCode", p->role_class);
	cda_put_ids(w, p->party->ids, p->party->nids);
	if (p->party->code != NULL) /* CONF:1198-32367: a code or none, no nullFlavor */
		cda_put_code(w, "code", NULL, p->party->code);
	cda_put_addr(w, p->party->addr);
	cda_put_telecoms(w, p->party->telecoms, p->party->ntelecoms, "HP");
	CDA_RAW(w, "<associatedPerson>");
	cda_put_name(w, &p->party->name);
	CDA_RAW(w, "</associatedPerson>");
	ac_xw_end(w, "associatedEntity");
	ac_xw_end(w, "participant");
}

static void
put_performer(struct ac_xw *w, const struct cda_party *p)
{
	CDA_RAW(w, "<performer typeCode=\"PRF\"><assignedEntity>");
	cda_put_party(w, p);
	CDA_RAW(w, "</assignedEntity></performer>");
}

static void
put_service(struct ac_xw *w, const struct cda_document *d)
{
	static const struct cda_party nobody = { 0 };

	CDA_RAW(w, "\n<documentationOf><serviceEvent classCode=\"PCPR\">");
	cda_put_time(w, &d->service);
	for (size_t i = 0; i < d->nperformers; i++)
		put_performer(w, d->performers[i]);
	if (d->nperformers == 0)
		put_performer(w, &nobody);
	CDA_RAW(w, "</serviceEvent></documentationOf>");
}

static void
put_former(struct ac_xw *w, const struct cda_document *d)
{
	CDA_RAW(w, "\n<relatedDocument typeCode=\"RPLC\"><parentDocument>");
	cda_put_uuid(w, d->former_id);
	cda_put_code(w, "code", NULL, &d->code);
	put_set(w, d->set_id, d->former_version);
	CDA_RAW(w, "</parentDocument></relatedDocument>");
}

static void
put_encounter(struct ac_xw *w, const struct cda_document *d)
{
	CDA_RAW(w, "\n<componentOf><encompassingEncounter>");
	cda_put_id(w, &d->encounter);
	cda_put_time(w, &d->encounter_time);
	CDA_RAW(w, "</encompassingEncounter></componentOf>");
}

void
cda_put_header(struct ac_xw *w, const struct cda_document *d)
{
	put_start(w, d);
	put_set(w, d->set_id, d->version);
	put_patient(w, &d->patient);
	put_author(w, d);
	CDA_RAW(w, "\n<custodian><assignedCustodian>");
	cda_put_org(w, "representedCustodianOrganization", &d->custodian);
	CDA_RAW(w, "</assignedCustodian></custodian>");
	if (d->recipient != NULL)
		put_recipient(w, d->recipient);
	if (d->legal_authenticator != NULL)
		put_legal_authenticator(w, d);
	for (size_t i = 0; i < d->nparticipants; i++)
		put_participant(w, &d->participants[i]);
	put_service(w, d);
	if (d->replaces)
		put_former(w, d);
	put_encounter(w, d);
}
