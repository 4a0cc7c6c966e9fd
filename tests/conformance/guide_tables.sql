-- The guide's sample tables. The rows of category, date, event and venue are given; the others stay empty: statements
-- over them are resolved and typed, their output is counted apart.

-- t_explain_plan_example
create table users(
  userid integer not null sortkey, username char(8), firstname varchar(30), lastname varchar(30), city varchar(30),
  state char(2), email varchar(100), phone char(14), likesports boolean, liketheatre boolean, likeconcerts boolean,
  likejazz boolean, likeclassical boolean, likeopera boolean, likerock boolean, likevegas boolean,
  likebroadway boolean, likemusicals boolean, primary key(userid)) diststyle all;
create table venue(
  venueid smallint not null sortkey, venuename varchar(100), venuecity varchar(30), venuestate char(2),
  venueseats integer, primary key(venueid)) diststyle all;
create table category(
  catid smallint not null, catgroup varchar(10), catname varchar(10), catdesc varchar(50), primary key(catid))
  diststyle all;
create table date(
  dateid smallint not null sortkey, caldate date not null, day character(3) not null, week smallint not null,
  month character(5) not null, qtr character(5) not null, year smallint not null, holiday boolean default('N'),
  primary key (dateid)) diststyle all;
create table event(
  eventid integer not null sortkey, venueid smallint not null, catid smallint not null, dateid smallint not null,
  eventname varchar(200), starttime timestamp, primary key(eventid), foreign key(venueid) references venue(venueid),
  foreign key(catid) references category(catid), foreign key(dateid) references date(dateid)) diststyle all;
create table listing(
  listid integer not null distkey sortkey, sellerid integer not null, eventid integer not null encode mostly16,
  dateid smallint not null, numtickets smallint not null encode mostly8, priceperticket decimal(8,2) encode bytedict,
  totalprice decimal(8,2) encode mostly32, listtime timestamp, primary key(listid),
  foreign key(sellerid) references users(userid), foreign key(eventid) references event(eventid),
  foreign key(dateid) references date(dateid));
create table sales(
  salesid integer not null, listid integer not null distkey, sellerid integer not null, buyerid integer not null,
  eventid integer not null encode mostly16, dateid smallint not null, qtysold smallint not null encode mostly8,
  pricepaid decimal(8,2) encode delta32k, commission decimal(8,2) encode delta32k, saletime timestamp,
  primary key(salesid), foreign key(listid) references listing(listid),
  foreign key(sellerid) references users(userid), foreign key(buyerid) references users(userid),
  foreign key(dateid) references date(dateid)) sortkey(listid,sellerid);

-- c_Window_functions
create table winsales(salesid int, dateid date, sellerid int, buyerid char(10), qty int, qty_shipped int);
insert into winsales values
  (30001, '8/2/2003', 3, 'b', 10, 10), (10001, '12/24/2003', 1, 'c', 10, 10), (10005, '12/24/2003', 1, 'a', 30, null),
  (40001, '1/9/2004', 4, 'a', 40, null), (10006, '1/18/2004', 1, 'c', 10, null), (20001, '2/12/2004', 2, 'b', 20, 20),
  (40005, '2/12/2004', 4, 'a', 10, 10), (20002, '2/16/2004', 2, 'c', 20, 20), (30003, '4/18/2004', 3, 'b', 15, null),
  (30004, '4/18/2004', 3, 'b', 20, null), (30007, '9/7/2004', 3, 'c', 30, null);

-- tutorial-loading-data-create-tables
create table part(
  p_partkey integer not null, p_name varchar(22) not null, p_mfgr varchar(6), p_category varchar(7) not null,
  p_brand1 varchar(9) not null, p_color varchar(11) not null, p_type varchar(25) not null, p_size integer not null,
  p_container varchar(10) not null);
create table supplier(
  s_suppkey integer not null, s_name varchar(25) not null, s_address varchar(25) not null, s_city varchar(10) not null,
  s_nation varchar(15) not null, s_region varchar(12) not null, s_phone varchar(15) not null);
create table customer(
  c_custkey integer not null, c_name varchar(25) not null, c_address varchar(25) not null, c_city varchar(10) not null,
  c_nation varchar(15) not null, c_region varchar(12) not null, c_phone varchar(15) not null,
  c_mktsegment varchar(10) not null);
create table dwdate(
  d_datekey integer not null, d_date varchar(19) not null, d_dayofweek varchar(10) not null,
  d_month varchar(10) not null, d_year integer not null, d_yearmonthnum integer not null,
  d_yearmonth varchar(8) not null, d_daynuminweek integer not null, d_daynuminmonth integer not null,
  d_daynuminyear integer not null, d_monthnuminyear integer not null, d_weeknuminyear integer not null,
  d_sellingseason varchar(13) not null, d_lastdayinweekfl varchar(1) not null, d_lastdayinmonthfl varchar(1) not null,
  d_holidayfl varchar(1) not null, d_weekdayfl varchar(1) not null);
create table lineorder(
  lo_orderkey integer not null, lo_linenumber integer not null, lo_custkey integer not null,
  lo_partkey integer not null, lo_suppkey integer not null, lo_orderdate integer not null,
  lo_orderpriority varchar(15) not null, lo_shippriority varchar(1) not null, lo_quantity integer not null,
  lo_extendedprice integer not null, lo_ordertotalprice integer not null, lo_discount integer not null,
  lo_revenue integer not null, lo_supplycost integer not null, lo_tax integer not null,
  lo_commitdate integer not null, lo_shipmode varchar(10) not null);

-- query-super, ingest-super
create table customer_orders_lineitem(
  c_custkey bigint, c_name varchar, c_address varchar, c_nationkey smallint, c_phone varchar, c_acctbal decimal(12,2),
  c_mktsegment varchar, c_comment varchar, c_orders super);
create table region_nations(r_regionkey smallint, r_name varchar, r_comment varchar, r_nations super);
