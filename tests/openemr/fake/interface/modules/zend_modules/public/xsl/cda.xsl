<?xml version="1.0"?>
<!-- stands where the style sheet of OpenEMR's viewer stands -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:n="urn:hl7-org:v3">
  <xsl:output method="html"/>
  <xsl:template match="/"><html><body><h1><xsl:value-of select="n:ClinicalDocument/n:title"/></h1></body></html></xsl:template>
</xsl:stylesheet>
