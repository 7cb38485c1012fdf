#ifndef PORTCULLIS_CLIBXML2_SHIM_H
#define PORTCULLIS_CLIBXML2_SHIM_H

/* Debian's libxml2 was built with ICU and its headers include ICU's. Those would clash with the ICU
   inside of Foundation wherever a module uses both, and nothing here needs them. */
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>
#include <libxml/xmlschemas.h>
#include <libxml/xmlschemastypes.h>
#include <string.h>

/* Newer releases of libxml2 hand errors over as constant. */
#if LIBXML_VERSION >= 21200
typedef const xmlError *portcullis_error;
#else
typedef xmlErrorPtr portcullis_error;
#endif

/* Refuses every external entity: a policy is one file, and nothing in it makes us open another. */
static inline xmlParserInputPtr portcullis_no_entity(
    const char *url, const char *id, xmlParserCtxtPtr context) {
    (void)url; (void)id; (void)context;
    return NULL;
}

static inline void portcullis_refuse_entities(void) {
    xmlSetExternalEntityLoader(portcullis_no_entity);
}

/* How many bytes of the document the parser has read, counted from the start. */
static inline long portcullis_offset(xmlParserCtxtPtr context) {
    xmlParserInputPtr input = context->input;
    if (input == NULL) return -1;
    return (long)input->consumed + (long)(input->cur - input->base);
}

/* Where in the document `text` stands if it points into the parser's buffer, otherwise -1. */
static inline long portcullis_offset_of(xmlParserCtxtPtr context, const xmlChar *text) {
    xmlParserInputPtr input = context->input;
    if (input == NULL || text < input->base || text > input->end) return -1;
    return (long)input->consumed + (long)(text - input->base);
}

#endif
