<?xml version="1.0" encoding="UTF-8"?>
<!--
  cda_view.xsl - a CDA document as an HTML fragment that is safe under default-src 'none'.

  No script, no style attribute, no picture, no link out of the page: a link in the narrative is shown as text beside its
  words and marked. Every character of the narrative is kept, also of elements that this file does not know. Ids get the
  prefix "cda-", so that a document cannot take the place of something on the page. Class names come from here only.

  What is left out is said: in its place where it is an element or an address, and with its number above the document where it
  is an attribute or an instruction (a stylesheet of its own, what would run script, formatting of its own).
-->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:v="urn:hl7-org:v3"
    exclude-result-prefixes="v">
  <xsl:output method="html" encoding="UTF-8" indent="no"/>
  <xsl:key name="id" match="*[@ID]" use="@ID"/>

  <xsl:template match="/">
    <article class="cda" role="region" tabindex="0" aria-label="Document"><xsl:apply-templates select="v:ClinicalDocument"/></article>
  </xsl:template>

  <xsl:template match="v:ClinicalDocument">
    <header class="cda-header">
      <h1 dir="auto"><xsl:value-of select="v:title"/></h1>
      <dl>
        <xsl:apply-templates select="v:recordTarget" mode="header"/>
        <dt>Document</dt>
        <dd>
          <xsl:text>version </xsl:text><xsl:value-of select="v:versionNumber/@value"/>
          <xsl:text>, </xsl:text>
          <xsl:call-template name="time"><xsl:with-param name="t" select="v:effectiveTime/@value"/></xsl:call-template>
          <xsl:for-each select="v:relatedDocument[@typeCode='RPLC']/v:parentDocument">
            <xsl:text>, replaces version </xsl:text><xsl:value-of select="v:versionNumber/@value"/>
          </xsl:for-each>
        </dd>
        <dt>Document id</dt>
        <dd class="cda-id"><xsl:apply-templates select="v:id" mode="id"/></dd>
        <dt>Made by</dt>
        <dd>
          <xsl:for-each select="v:author/v:assignedAuthor">
            <xsl:if test="position() &gt; 1"><xsl:text>; </xsl:text></xsl:if>
            <xsl:choose>
              <xsl:when test="v:assignedPerson"><xsl:apply-templates select="v:assignedPerson" mode="name"/></xsl:when>
              <xsl:otherwise><xsl:value-of select="v:assignedAuthoringDevice/v:softwareName"/></xsl:otherwise>
            </xsl:choose>
          </xsl:for-each>
        </dd>
        <xsl:for-each select="v:documentationOf/v:serviceEvent/v:performer/v:assignedEntity/v:assignedPerson">
          <dt>Treated by</dt>
          <dd><xsl:apply-templates select="." mode="name"/></dd>
        </xsl:for-each>
        <dt>Signed by</dt>
        <dd>
          <xsl:choose>
            <xsl:when test="v:legalAuthenticator">
              <xsl:apply-templates select="v:legalAuthenticator/v:assignedEntity/v:assignedPerson" mode="name"/>
              <xsl:text>, </xsl:text>
              <xsl:call-template name="time">
                <xsl:with-param name="t" select="v:legalAuthenticator/v:time/@value"/>
              </xsl:call-template>
            </xsl:when>
            <xsl:otherwise>nobody</xsl:otherwise>
          </xsl:choose>
        </dd>
        <dt>Kept by</dt>
        <dd dir="auto">
          <xsl:value-of select="v:custodian/v:assignedCustodian/v:representedCustodianOrganization/v:name"/>
        </dd>
      </dl>
    </header>
    <xsl:call-template name="left-out"/>
    <xsl:apply-templates select="v:component/v:structuredBody/v:component/v:section"/>
    <xsl:for-each select="v:component/v:nonXMLBody">
      <p class="cda-note">
        <xsl:text>The content of this document is attached in a form that is not shown here</xsl:text>
        <xsl:if test="v:text/@mediaType"> (<bdi><xsl:value-of select="v:text/@mediaType"/></bdi>)</xsl:if>
        <xsl:text>.</xsl:text>
        <xsl:for-each select="v:text/v:reference/@value">
          <span class="cda-link-note"> [link, not active: <bdi><xsl:value-of select="."/></bdi>]</span>
        </xsl:for-each>
      </p>
    </xsl:for-each>
  </xsl:template>

  <!-- attributes and instructions that a browser would follow: not here, and how many there were -->
  <xsl:template name="left-out">
    <xsl:variable name="stylesheets" select="count(/processing-instruction())"/>
    <xsl:variable name="instructions" select="count(//*/processing-instruction())"/>
    <xsl:variable name="events" select="count(//@*[starts-with(translate(local-name(), 'ON', 'on'), 'on')])"/>
    <xsl:variable name="formats" select="count(//v:section/v:text//@style | //v:section/v:text//@class)"/>
    <xsl:variable name="addresses"
        select="count(//v:section/v:text//v:*[not(self::v:linkHtml)]/@*[contains(' href src data action formaction background poster ', concat(' ', local-name(), ' '))])"/>
    <xsl:if test="$stylesheets + $instructions + $events + $formats + $addresses &gt; 0">
      <p class="cda-note cda-left-out">
        <xsl:text>Left out of this view, because a browser would follow it: </xsl:text>
        <xsl:if test="$stylesheets">instructions before or after the document, such as a stylesheet of its own (<xsl:value-of select="$stylesheets"/>); </xsl:if>
        <xsl:if test="$instructions">instructions inside of it (<xsl:value-of select="$instructions"/>); </xsl:if>
        <xsl:if test="$events">attributes that run script (<xsl:value-of select="$events"/>); </xsl:if>
        <xsl:if test="$formats">formatting of its own (<xsl:value-of select="$formats"/>); </xsl:if>
        <xsl:if test="$addresses">addresses where none belongs (<xsl:value-of select="$addresses"/>); </xsl:if>
        <xsl:text>all its words are here.</xsl:text>
      </p>
    </xsl:if>
  </xsl:template>

  <xsl:template match="v:recordTarget" mode="header">
    <dt>Patient</dt>
    <dd><xsl:apply-templates select="v:patientRole/v:patient" mode="name"/></dd>
    <dt>Born</dt>
    <dd>
      <xsl:call-template name="time">
        <xsl:with-param name="t" select="v:patientRole/v:patient/v:birthTime/@value"/>
      </xsl:call-template>
    </dd>
    <dt>Patient ids</dt>
    <dd class="cda-id"><xsl:apply-templates select="v:patientRole/v:id" mode="id"/></dd>
  </xsl:template>

  <xsl:template match="v:id" mode="id">
    <xsl:if test="position() &gt; 1"><xsl:text>, </xsl:text></xsl:if>
    <xsl:choose>
      <xsl:when test="@extension"><xsl:value-of select="concat(@extension, ' (', @root, ')')"/></xsl:when>
      <xsl:when test="@root"><xsl:value-of select="@root"/></xsl:when>
      <xsl:otherwise>not recorded</xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="*" mode="name">
    <bdi>
      <xsl:choose>
        <xsl:when test="not(normalize-space(v:name))">not recorded</xsl:when>
        <xsl:otherwise>
          <xsl:for-each select="v:name[1]/node()[normalize-space()]">
            <xsl:if test="position() &gt; 1"><xsl:text> </xsl:text></xsl:if>
            <xsl:value-of select="."/>
          </xsl:for-each>
        </xsl:otherwise>
      </xsl:choose>
    </bdi>
  </xsl:template>

  <!-- HL7 TS: 20260331153500+0200 as 2026-03-31 15:35 +0200 -->
  <xsl:template name="time">
    <xsl:param name="t"/>
    <xsl:choose>
      <xsl:when test="not($t)">not recorded</xsl:when>
      <xsl:when test="string-length($t) &lt; 8"><xsl:value-of select="$t"/></xsl:when>
      <xsl:otherwise>
        <xsl:value-of select="concat(substring($t, 1, 4), '-', substring($t, 5, 2), '-', substring($t, 7, 2))"/>
        <xsl:if test="string-length($t) &gt;= 12">
          <xsl:value-of select="concat(' ', substring($t, 9, 2), ':', substring($t, 11, 2))"/>
          <xsl:if test="contains($t, '+')"><xsl:value-of select="concat(' +', substring-after($t, '+'))"/></xsl:if>
          <xsl:if test="contains($t, '-')"><xsl:value-of select="concat(' -', substring-after($t, '-'))"/></xsl:if>
        </xsl:if>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- sections -->
  <xsl:template match="v:section">
    <section class="cda-section">
      <xsl:choose>
        <xsl:when test="ancestor::v:section"><h3 dir="auto"><xsl:value-of select="v:title"/></h3></xsl:when>
        <xsl:otherwise><h2 dir="auto"><xsl:value-of select="v:title"/></h2></xsl:otherwise>
      </xsl:choose>
      <div class="cda-text"><xsl:apply-templates select="v:text/node()"/></div>
      <xsl:apply-templates select="v:component/v:section"/>
    </section>
  </xsl:template>

  <!-- what each narrative element may carry over -->
  <xsl:template name="common">
    <xsl:param name="class"/>
    <xsl:if test="@ID"><xsl:attribute name="id"><xsl:value-of select="concat('cda-', @ID)"/></xsl:attribute></xsl:if>
    <xsl:if test="@language"><xsl:attribute name="lang"><xsl:value-of select="@language"/></xsl:attribute></xsl:if>
    <xsl:variable name="styles" select="concat(' ', normalize-space(@styleCode), ' ')"/>
    <xsl:variable name="names">
      <xsl:value-of select="$class"/>
      <xsl:if test="contains($styles, ' Bold ')"> cda-bold</xsl:if>
      <xsl:if test="contains($styles, ' Italics ')"> cda-italics</xsl:if>
      <xsl:if test="contains($styles, ' Underline ')"> cda-underline</xsl:if>
      <xsl:if test="contains($styles, ' Emphasis ')"> cda-emphasis</xsl:if>
    </xsl:variable>
    <xsl:if test="normalize-space($names)">
      <xsl:attribute name="class"><xsl:value-of select="normalize-space($names)"/></xsl:attribute>
    </xsl:if>
  </xsl:template>

  <xsl:template match="v:paragraph">
    <p dir="auto">
      <xsl:call-template name="common"/>
      <xsl:apply-templates/>
    </p>
  </xsl:template>

  <xsl:template match="v:content">
    <span>
      <xsl:call-template name="common"/>
      <xsl:choose>
        <xsl:when test="@revised='delete'"><del><xsl:apply-templates/></del></xsl:when>
        <xsl:when test="@revised='insert'"><ins><xsl:apply-templates/></ins></xsl:when>
        <xsl:otherwise><xsl:apply-templates/></xsl:otherwise>
      </xsl:choose>
    </span>
  </xsl:template>

  <xsl:template match="v:sub"><sub><xsl:apply-templates/></sub></xsl:template>
  <xsl:template match="v:sup"><sup><xsl:apply-templates/></sup></xsl:template>
  <xsl:template match="v:br"><br/></xsl:template>

  <xsl:template match="v:caption">
    <span class="cda-caption" dir="auto"><xsl:apply-templates/></span>
  </xsl:template>

  <xsl:template match="v:list">
    <xsl:if test="v:caption">
      <p class="cda-caption" dir="auto"><xsl:apply-templates select="v:caption/node()"/></p>
    </xsl:if>
    <xsl:choose>
      <xsl:when test="@listType='ordered'">
        <ol><xsl:call-template name="common"/><xsl:apply-templates select="node()[not(self::v:caption)]"/></ol>
      </xsl:when>
      <xsl:otherwise>
        <ul><xsl:call-template name="common"/><xsl:apply-templates select="node()[not(self::v:caption)]"/></ul>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="v:item">
    <li dir="auto">
      <xsl:call-template name="common"/>
      <xsl:apply-templates/>
    </li>
  </xsl:template>

  <xsl:template match="v:table">
    <table>
      <xsl:call-template name="common"/>
      <xsl:if test="v:caption"><caption dir="auto"><xsl:apply-templates select="v:caption/node()"/></caption></xsl:if>
      <xsl:apply-templates select="v:thead"/>
      <xsl:apply-templates select="v:tbody | v:tr"/>
      <xsl:apply-templates select="v:tfoot"/>
    </table>
    <!-- what stands in a table and is none of it -->
    <xsl:apply-templates
        select="node()[not(self::v:caption or self::v:col or self::v:colgroup or self::v:thead or self::v:tbody or self::v:tr or self::v:tfoot)]"/>
  </xsl:template>

  <xsl:template match="v:thead"><thead><xsl:apply-templates/></thead></xsl:template>
  <xsl:template match="v:tbody"><tbody><xsl:apply-templates/></tbody></xsl:template>
  <xsl:template match="v:tfoot"><tfoot><xsl:apply-templates/></tfoot></xsl:template>
  <xsl:template match="v:tr"><tr><xsl:call-template name="common"/><xsl:apply-templates/></tr></xsl:template>

  <xsl:template name="spans">
    <xsl:for-each select="@colspan | @rowspan">
      <xsl:if test="string-length(.) &lt; 4 and string(number(.)) = string(.) and . &gt; 0">
        <xsl:attribute name="{local-name()}"><xsl:value-of select="."/></xsl:attribute>
      </xsl:if>
    </xsl:for-each>
  </xsl:template>

  <xsl:template match="v:th">
    <th dir="auto">
      <xsl:call-template name="common"/>
      <xsl:call-template name="spans"/>
      <xsl:apply-templates/>
    </th>
  </xsl:template>
  <xsl:template match="v:td">
    <td dir="auto">
      <xsl:call-template name="common"/>
      <xsl:call-template name="spans"/>
      <xsl:apply-templates/>
    </td>
  </xsl:template>

  <!-- links: inside the document they work; all others are text -->
  <xsl:template match="v:linkHtml">
    <xsl:choose>
      <xsl:when test="starts-with(@href, '#') and key('id', substring(@href, 2))">
        <a href="#cda-{substring(@href, 2)}"><xsl:apply-templates/></a>
      </xsl:when>
      <xsl:otherwise>
        <span class="cda-link">
          <xsl:apply-templates/>
          <span class="cda-link-note"> [link, not active<xsl:if test="@href">: <bdi><xsl:value-of select="@href"/></bdi></xsl:if>]</span>
        </span>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="v:renderMultiMedia">
    <span class="cda-note">[picture, not shown]<xsl:apply-templates/></span>
  </xsl:template>
  <xsl:template match="v:footnote">
    <span><xsl:call-template name="common"><xsl:with-param name="class">cda-footnote</xsl:with-param></xsl:call-template><xsl:apply-templates/></span>
  </xsl:template>
  <xsl:template match="v:footnoteRef"><sup>[note]</sup></xsl:template>

  <!-- anything else: its text, never its markup; what a browser would run, load or send is named -->
  <xsl:template match="*">
    <xsl:variable name="name" select="translate(local-name(), 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz')"/>
    <xsl:variable name="active"
        select="contains(' a applet area audio base button embed form frame iframe image img input link math meta object picture script source style svg textarea video ', concat(' ', $name, ' '))"/>
    <span class="cda-unknown">
      <xsl:apply-templates/>
      <xsl:if test="$active">
        <span class="cda-link-note"> [<xsl:value-of select="$name"/><xsl:text>, not active</xsl:text>
          <xsl:for-each select="@*[contains(' href src data action ', concat(' ', local-name(), ' '))]">
            <xsl:text>: </xsl:text><bdi><xsl:value-of select="."/></bdi>
          </xsl:for-each>
          <xsl:text>]</xsl:text>
        </span>
      </xsl:if>
    </span>
  </xsl:template>
  <xsl:template match="processing-instruction() | comment()"/>
</xsl:stylesheet>
