-- fixture.sql - the columns of OpenEMR's tables that the module reads or writes, and no others.
CREATE TABLE form_encounter (id BIGINT AUTO_INCREMENT PRIMARY KEY, encounter BIGINT, pid BIGINT, date DATETIME, date_end DATETIME, reason LONGTEXT,
  sensitivity VARCHAR(30), pc_catid INT NOT NULL DEFAULT 5, provider_id INT DEFAULT 0, facility_id INT NOT NULL DEFAULT 0, parent_encounter_id BIGINT,
  last_update TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP);
CREATE TABLE openemr_postcalendar_categories (pc_catid INT PRIMARY KEY, pc_catname VARCHAR(100), pc_constant_id VARCHAR(255));
CREATE TABLE openemr_postcalendar_events (pc_eid INT AUTO_INCREMENT PRIMARY KEY, pc_catid INT NOT NULL DEFAULT 0, pc_pid VARCHAR(11), pc_eventDate DATE,
  pc_startTime TIME, pc_apptstatus VARCHAR(15) NOT NULL DEFAULT '-');
CREATE TABLE patient_tracker (id BIGINT AUTO_INCREMENT PRIMARY KEY, encounter BIGINT NOT NULL DEFAULT 0);
CREATE TABLE patient_tracker_element (pt_tracker_id BIGINT, status VARCHAR(31), seq VARCHAR(4));
CREATE TABLE patient_data (id BIGINT AUTO_INCREMENT PRIMARY KEY, uuid BINARY(16), pid BIGINT UNIQUE, fname VARCHAR(255) NOT NULL DEFAULT '',
  mname VARCHAR(255) NOT NULL DEFAULT '', lname VARCHAR(255) NOT NULL DEFAULT '', DOB DATE, sex VARCHAR(255) NOT NULL DEFAULT '',
  language VARCHAR(255) NOT NULL DEFAULT '', interpretter VARCHAR(255) NOT NULL DEFAULT '', phone_cell VARCHAR(255) NOT NULL DEFAULT '',
  phone_home VARCHAR(255) NOT NULL DEFAULT '', phone_contact VARCHAR(255) NOT NULL DEFAULT '', email VARCHAR(255) NOT NULL DEFAULT '',
  hipaa_voice VARCHAR(3) NOT NULL DEFAULT '', hipaa_allowsms VARCHAR(3) NOT NULL DEFAULT 'NO',
  hipaa_allowemail VARCHAR(3) NOT NULL DEFAULT 'NO', street VARCHAR(255) NOT NULL DEFAULT '', street_line_2 TINYTEXT, city VARCHAR(255) NOT NULL DEFAULT '',
  state VARCHAR(255) NOT NULL DEFAULT '', postal_code VARCHAR(255) NOT NULL DEFAULT '', country_code VARCHAR(255) NOT NULL DEFAULT '',
  guardiansname TEXT, guardianrelationship TEXT, guardianphone TEXT, deceased_date DATETIME,
  last_updated DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP);
CREATE TABLE list_options (list_id VARCHAR(100), option_id VARCHAR(100), title VARCHAR(255) NOT NULL DEFAULT '', seq INT NOT NULL DEFAULT 0,
  is_default TINYINT NOT NULL DEFAULT 0, notes TEXT, activity TINYINT NOT NULL DEFAULT 1, PRIMARY KEY (list_id, option_id));
CREATE TABLE users (id BIGINT PRIMARY KEY, username VARCHAR(255), authorized TINYINT, active TINYINT NOT NULL DEFAULT 1, npi VARCHAR(15),
  fname VARCHAR(255), mname VARCHAR(255), lname VARCHAR(255), phonew1 VARCHAR(30));
CREATE TABLE facility (id INT PRIMARY KEY, name VARCHAR(255), phone VARCHAR(30), street VARCHAR(255), city VARCHAR(255), state VARCHAR(50),
  postal_code VARCHAR(11), country_code VARCHAR(30) NOT NULL DEFAULT '');
CREATE TABLE billing (id INT AUTO_INCREMENT PRIMARY KEY, date DATETIME, code_type VARCHAR(15), code VARCHAR(20), pid BIGINT, encounter INT, provider_id INT,
  code_text LONGTEXT, activity TINYINT(1));
CREATE TABLE code_types (ct_key VARCHAR(15) PRIMARY KEY, ct_diag TINYINT(1) NOT NULL DEFAULT 0);
CREATE TABLE procedure_order (procedure_order_id BIGINT AUTO_INCREMENT PRIMARY KEY, provider_id BIGINT NOT NULL DEFAULT 0, patient_id BIGINT, encounter_id BIGINT,
  date_ordered DATETIME, order_status VARCHAR(31) NOT NULL DEFAULT '', activity TINYINT(1) NOT NULL DEFAULT 1);
CREATE TABLE procedure_order_code (procedure_order_id BIGINT, procedure_order_seq INT, procedure_code VARCHAR(64), procedure_name VARCHAR(255));
CREATE TABLE drugs (drug_id INT PRIMARY KEY, name VARCHAR(255));
CREATE TABLE drug_inventory (inventory_id INT PRIMARY KEY, drug_id INT, lot_number VARCHAR(20), expiration DATE);
CREATE TABLE drug_sales (sale_id INT AUTO_INCREMENT PRIMARY KEY, drug_id INT, inventory_id INT, pid BIGINT, encounter INT, quantity INT NOT NULL DEFAULT 0);
CREATE TABLE forms (id BIGINT AUTO_INCREMENT PRIMARY KEY, date DATETIME, encounter BIGINT, form_name LONGTEXT, form_id BIGINT, pid BIGINT, user VARCHAR(255),
  deleted TINYINT NOT NULL DEFAULT 0, formdir VARCHAR(255));
CREATE TABLE lbf_data (form_id BIGINT, field_id VARCHAR(31), field_value LONGTEXT, PRIMARY KEY (form_id, field_id));
CREATE TABLE lists (id BIGINT AUTO_INCREMENT PRIMARY KEY, type VARCHAR(255), title VARCHAR(255), diagnosis VARCHAR(255), enddate DATETIME, activity TINYINT,
  pid BIGINT, modifydate TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP);
CREATE TABLE lists_touch (pid BIGINT, type VARCHAR(255), date DATETIME, PRIMARY KEY (pid, type));
CREATE TABLE esign_signatures (id INT AUTO_INCREMENT PRIMARY KEY, tid INT, `table` VARCHAR(255), uid INT, datetime DATETIME, is_lock TINYINT(1) NOT NULL DEFAULT 0);
CREATE TABLE documents (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(255), mimetype VARCHAR(255), foreign_id BIGINT, encounter_id BIGINT NOT NULL DEFAULT 0,
  category INT, deleted TINYINT NOT NULL DEFAULT 0, owner INT, bytes MEDIUMBLOB);
CREATE TABLE categories (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(255));
CREATE TABLE pnotes (id BIGINT AUTO_INCREMENT PRIMARY KEY, body LONGTEXT, pid BIGINT, user VARCHAR(255), title VARCHAR(255), assigned_to VARCHAR(255), message_status VARCHAR(20), update_by BIGINT, update_date DATETIME);
CREATE TABLE dated_reminders (dr_id INT AUTO_INCREMENT PRIMARY KEY, dr_message_text VARCHAR(160), dr_message_due_date DATE, pid BIGINT, message_processed TINYINT(1) NOT NULL DEFAULT 0);
CREATE TABLE dated_reminders_link (dr_link_id INT AUTO_INCREMENT PRIMARY KEY, dr_id INT, to_id INT);
CREATE TABLE form_care_plan (id BIGINT, pid BIGINT, encounter VARCHAR(255), user VARCHAR(255), groupname VARCHAR(255), authorized TINYINT, activity TINYINT,
  code VARCHAR(255), codetext TEXT, description TEXT, date DATETIME, date_end DATETIME, external_id VARCHAR(30), care_plan_type VARCHAR(30), note_related_to TEXT) ENGINE=InnoDB;
CREATE TABLE background_services (name VARCHAR(31) PRIMARY KEY, title VARCHAR(127), active TINYINT(1) NOT NULL DEFAULT 0, running TINYINT(1) NOT NULL DEFAULT -1,
  next_run TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, execute_interval INT NOT NULL DEFAULT 0, `function` VARCHAR(127), require_once VARCHAR(255), sort_order INT NOT NULL DEFAULT 100);

INSERT INTO openemr_postcalendar_categories VALUES (5, 'Office Visit', 'office_visit'), (1, 'No Show', 'no_show'), (20, 'Mesotherapy', 'mesotherapy');
INSERT INTO list_options (list_id, option_id, notes) VALUES ('language', 'english', 'en'), ('language', 'german', 'de');
INSERT INTO code_types VALUES ('CPT4', 0), ('HCPCS', 0), ('ICD10', 1);
INSERT INTO users VALUES (1, 'oe-system', 0, 1, NULL, '', NULL, 'System', NULL), (3, 'grace', 1, 1, '1234567893', 'Grace', NULL, 'Example', '+49 30 5550102'),
  (4, 'nora', 0, 1, NULL, 'Nora', NULL, 'Example', NULL), (5, 'frank', 0, 1, NULL, 'Frank', NULL, 'Example', NULL);
INSERT INTO facility VALUES (1, 'Demo Clinic', '+49 30 5550103', 'Beispielweg 2', 'Berlin', 'BE', '10115', 'DE');
INSERT INTO patient_data (uuid, pid, fname, lname, DOB, sex, language, phone_cell, hipaa_voice, country_code)
  VALUES (UNHEX('00112233445566778899AABBCCDDEEFF'), 1, 'Ada', 'Example', '1988-04-02', 'Female', 'english', '+49 30 5550100', 'YES', 'DE'),
  (UNHEX('00112233445566778899AABBCCDDEE02'), 2, 'Ben', 'Example', '1979-01-20', 'Male', 'german', '', '', 'DE');
