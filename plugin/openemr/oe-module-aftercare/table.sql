-- table.sql - what the module remembers. Nothing here is the clinical record: documents, messages and rows are OpenEMR's own.

#IfNotTable aftercare_encounter
CREATE TABLE `aftercare_encounter` (
  `encounter` BIGINT NOT NULL COMMENT 'form_encounter.encounter',
  `pid` BIGINT NOT NULL DEFAULT 0 COMMENT 'whose it was when it was last sent',
  `pending` INT NOT NULL DEFAULT 0 COMMENT 'changes since it was last sent; 0: none',
  `next_try` DATETIME NOT NULL DEFAULT '1970-01-01 00:00:00',
  `tries` INT NOT NULL DEFAULT 0,
  `error` VARCHAR(255) NOT NULL DEFAULT '' COMMENT 'why the last try failed: a rule, never a patient',
  `outcome` VARCHAR(31) NOT NULL DEFAULT '',
  `plan` VARCHAR(36) NOT NULL DEFAULT '',
  `plan_status` VARCHAR(31) NOT NULL DEFAULT '',
  `sensitivity` VARCHAR(30) NOT NULL DEFAULT '',
  `checked` DATETIME NULL DEFAULT NULL COMMENT 'when it was last read again',
  `snapshot` MEDIUMTEXT NULL COMMENT 'what was last sent: an encounter that is gone is sent from it as entered in error',
  PRIMARY KEY (`encounter`),
  KEY `pending` (`pending`, `next_try`),
  KEY `plan` (`plan`),
  KEY `pid` (`pid`)
) ENGINE=InnoDB COMMENT='Aftercare: what is known of each encounter';
#EndIf

#IfNotTable aftercare_plan
CREATE TABLE `aftercare_plan` (
  `plan` VARCHAR(36) NOT NULL,
  `encounter` BIGINT NOT NULL,
  `pid` BIGINT NOT NULL,
  PRIMARY KEY (`plan`),
  KEY `pid` (`pid`)
) ENGINE=InnoDB COMMENT='Aftercare: whose each plan is, those of a former patient too';
#EndIf

#IfNotTable aftercare_effect
CREATE TABLE `aftercare_effect` (
  `effect` VARCHAR(191) NOT NULL COMMENT 'delivery key, with what of it was done behind #',
  `object` VARCHAR(36) NOT NULL COMMENT 'what all versions of one thing have in common',
  `version` BIGINT NOT NULL DEFAULT 0,
  `kind` VARCHAR(31) NOT NULL,
  `pid` BIGINT NOT NULL DEFAULT 0,
  `encounter` BIGINT NOT NULL DEFAULT 0,
  `mark` VARCHAR(64) NOT NULL COMMENT 'by which the effect is found again after a crash',
  `ehr_id` BIGINT NOT NULL DEFAULT 0 COMMENT 'OpenEMR id; 0: begun and not known to be done',
  `state` VARCHAR(15) NOT NULL DEFAULT 'begun' COMMENT 'begun, waits, done, closed',
  `digest` VARCHAR(64) NOT NULL DEFAULT '',
  `at` DATETIME NOT NULL,
  PRIMARY KEY (`effect`),
  KEY `object` (`object`, `version`)
) ENGINE=InnoDB COMMENT='Aftercare: what was written into the chart, each once';
#EndIf

#IfNotTable aftercare_state
CREATE TABLE `aftercare_state` (
  `name` VARCHAR(63) NOT NULL,
  `value` VARCHAR(255) NOT NULL DEFAULT '',
  PRIMARY KEY (`name`)
) ENGINE=InnoDB COMMENT='Aftercare: marks up to which tables were read, go-live, last contact';
#EndIf

#IfNotTable aftercare_sheet
CREATE TABLE `aftercare_sheet` (
  `protocol` VARCHAR(64) NOT NULL,
  `language` VARCHAR(35) NOT NULL,
  `title` VARCHAR(255) NOT NULL DEFAULT '',
  `digest` VARCHAR(64) NOT NULL DEFAULT '',
  `at` DATETIME NOT NULL,
  `bytes` MEDIUMBLOB NOT NULL,
  PRIMARY KEY (`protocol`, `language`)
) ENGINE=InnoDB COMMENT='Aftercare: blank sheets for when the plugin is down; no patient in them';
#EndIf

#IfNotTable aftercare_blank
CREATE TABLE `aftercare_blank` (
  `id` BIGINT NOT NULL AUTO_INCREMENT,
  `encounter` BIGINT NOT NULL,
  `pid` BIGINT NOT NULL,
  `protocol` VARCHAR(64) NOT NULL,
  `language` VARCHAR(35) NOT NULL,
  `digest` VARCHAR(64) NOT NULL,
  `user` VARCHAR(128) NOT NULL,
  `at` DATETIME NOT NULL COMMENT 'when the sheet was opened to be printed',
  `told` TINYINT NOT NULL DEFAULT 0 COMMENT '0: not answered yet, 1: given, and filed, 2: not given',
  `bytes` MEDIUMBLOB NOT NULL COMMENT 'what was opened, until it is answered',
  PRIMARY KEY (`id`),
  KEY `encounter` (`encounter`)
) ENGINE=InnoDB COMMENT='Aftercare: blank sheets that were given while the plugin was down';
#EndIf

#IfNotRow2D list_options list_id note_type option_id Aftercare
INSERT INTO `list_options` (`list_id`, `option_id`, `title`, `seq`, `is_default`, `activity`) VALUES ('note_type', 'Aftercare', 'Aftercare', 95, 0, 1);
#EndIf

#IfMissingColumn aftercare_effect href
ALTER TABLE `aftercare_effect` ADD COLUMN `href` VARCHAR(255) NOT NULL DEFAULT '' COMMENT 'where the plugin has it',
  ADD COLUMN `visit` VARCHAR(63) NOT NULL DEFAULT '' COMMENT 'a visit to come: kind, first and last day', ADD KEY `kind` (`kind`, `state`),
  ADD KEY `encounter` (`encounter`);
#EndIf
