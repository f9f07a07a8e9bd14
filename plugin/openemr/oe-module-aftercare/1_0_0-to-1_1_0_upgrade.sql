-- What the Module Manager's "Upgrade SQL" does to the tables of 1.0.0; table.sql does the same to new ones.

#IfMissingColumn aftercare_effect href
ALTER TABLE `aftercare_effect` ADD COLUMN `href` VARCHAR(255) NOT NULL DEFAULT '' COMMENT 'where the plugin has it',
  ADD COLUMN `visit` VARCHAR(63) NOT NULL DEFAULT '' COMMENT 'a visit to come: kind, first and last day', ADD KEY `kind` (`kind`, `state`),
  ADD KEY `encounter` (`encounter`);
#EndIf
