//! Values that are assigned to a name.

use super::all_masked;

#[test]
fn passwords_are_masked() {
    all_masked(
        "password",
        &[
            // Shells and settings.
            "PASSWORD=⟦hunter2⟧",
            "export DB_PASSWORD=⟦correcthorse⟧",
            "DB_PASSWORD=⟦p;w&d)x⟧ # the database",
            "set PGPASS=⟦abcdefg⟧",
            "db.password=⟦swordfish⟧",
            "spring.datasource.password: ⟦swordfish⟧",
            "password = ⟦hunter2⟧",
            "  password: ⟦hunter2⟧\n",
            "- password: ⟦swordfish⟧",
            "smtp_pass=⟦Tr0ub4dor&3⟧",
            "ENV MYSQL_ROOT_PASSWORD=⟦topsecret⟧",
            "name: DB_PASSWORD\n  value: ⟦swordfish⟧",
            "- name: DB_PASSWORD\n  value: \"⟦sword fish 9⟧\"",
            "<add key=\"DbPassword\" value=\"⟦sw0rdfish⟧\" />",
            "Server=db;User Id=sa;Password=⟦hunter2⟧;Encrypt=true",
            "\"Server=db;Password=⟦hunter2⟧\"",
            "https://example.org/?user=a&password=⟦hunter2⟧&x=1",
            "psql --password ⟦swordfish⟧ -U me",
            "tool --db-password=⟦swordfish⟧",
            "tool --password '⟦two words⟧'",
            "wget --password=⟦swordfish⟧ --user=me https://example.org",
            "wget --http-password ⟦swordfish⟧ https://example.org",
            "curl -u me:⟦swordfish⟧ https://example.org",
            "curl -sSL -u 'me:⟦sword:fish⟧' https://example.org",
            "curl --user \"ci-bot@example.org:⟦swordfish⟧\" -O x",
            "curl --proxy-user=me:⟦swordfish⟧ x",
            "curl -ume:⟦swordfish⟧ x",
            "curl \\\n  -X POST \\\n  -u me:⟦swordfish⟧ x",
            "[\"curl\", \"-u\", \"me:⟦swordfish⟧\"]",
            // Code.
            "password: \"⟦hunter2⟧\"",
            "password = '⟦hunter2⟧'",
            "const password = `⟦hunter2⟧`;",
            "{\"password\":\"⟦hunter2⟧\"}",
            "{\"password\" : \"⟦a\\\"b\\\\c⟧\", \"x\": 1}",
            "'password' => '⟦hunter2⟧',",
            ":password => \"⟦hunter2⟧\"",
            "config['password'] = \"⟦hunter2⟧\"",
            "os.environ[\"DB_PASSWORD\"] = '⟦hunter2⟧'",
            "let password: &str = \"⟦hunter2⟧\";",
            "const password: string = '⟦hunter2⟧';",
            "password: Option<String> = Some(\"⟦hunter2⟧\")",
            "let password = String::from(\"⟦hunter2⟧\");",
            "password: SecretString::from(\"⟦hunter2⟧\"),",
            "password := \"⟦hunter2⟧\"",
            "if password == \"⟦hunter2⟧\" {",
            "user.set_password(\"⟦hunter2⟧\")",
            "define('DB_PASSWORD', '⟦hunter2⟧');",
            "password = b\"⟦hunter2⟧\"",
            "PASSWORD = r'⟦hunter2⟧'",
            "const password = process.env.PW || \"⟦hunter2⟧\";",
            "password = os.getenv(\"PW\", \"⟦hunter2⟧\")",
            "password = ENV['PW'] or '⟦hunter2⟧'",
            "const password =\n    \"⟦hunter2⟧\";",
            "password = \"\"\"⟦line one 1⟧\n⟦line two 2⟧\"\"\"",
            "const password = `⟦line one 1⟧\n⟦line two 2⟧`;",
            "password: |\n  ⟦first line 1⟧\n  ⟦second line⟧\nuser: me",
            "<password>⟦hunter2⟧</password>",
            "<db password=\"⟦hunter2⟧\" user=\"me\"/>",
            // Strings in strings.
            "\"{\\\"password\\\":\\\"⟦hunter2⟧\\\",\\\"user\\\":\\\"me\\\"}\"",
            "'{\"password\": \"⟦hunter2⟧\"}'",
            "\"{\\\"password\\\":\\\"⟦a\\\\\\\"b⟧\\\"}\"",
            // Line ends and other letters.
            "password=⟦hunter2⟧\r\nuser=me\r\n",
            "password: \"⟦pässwörd⟧\"",
            "password: \"⟦unfinished⟧",
            "password=\"⟦$ecret123⟧\"",
            "passphrase: \"⟦correct horse battery staple⟧\"",
            "password=⟦changeme⟧",
            "password: \"⟦${prefix}hunter2⟧\"",
        ],
    );
}

#[test]
fn secrets_are_masked() {
    all_masked(
        "secret",
        &[
            "api_key = \"⟦a1b2c3d4e5f6⟧\"",
            "apiKey: '⟦a1b2c3d4e5f6⟧',",
            "API_KEY=⟦a1b2c3d4e5f6⟧",
            "X-Api-Key: ⟦a1b2c3d4e5f6⟧",
            "client_secret=⟦0123456789abcdef⟧",
            "SECRET_KEY = '⟦mysecretkey⟧'",
            "SECRET_KEY = \"⟦django-insecure-8)x(2!k^e#1⟧\"",
            "aws_secret_access_key = ⟦wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY⟧",
            "secretKey: \"⟦0123456789abcdef0123456789abcdef⟧\"",
            "encryption_key: ⟦MDEyMzQ1Njc4OWFiY2RlZg==⟧",
            "private_key: \"⟦0x4c0883a69102937d6231471b5dbb6204fe512961708279f3⟧\"",
            "secret: \"⟦supersecretvalue⟧\"",
            "credentials = \"⟦user1:pw12345!⟧\"",
        ],
    );
}

#[test]
fn tokens_are_masked() {
    all_masked(
        "token",
        &[
            "token = \"⟦0123456789abcdef⟧\"",
            "TOKEN=⟦0123456789abcdef⟧",
            "access_token: ⟦a81bc81b-dead-4e5d-abff-90865d1e13b1⟧",
            "\"refreshToken\": \"⟦a81bc81bdead4e5d⟧\"",
            "//registry.example.org/:_authToken=⟦a81bc81b-dead-4e5d-abff-90865d1e13b1⟧",
            "\"auth\": \"⟦dXNlcjpodW50ZXIyIQ==⟧\"",
            "curl -H 'Accept: x' -H 'X: Bearer ⟦a81bc81bdead4e5dabff⟧'",
            "tool --token ⟦a81bc81bdead4e5d⟧",
        ],
    );
}

#[test]
fn authorization_headers_are_masked() {
    all_masked(
        "authorization",
        &[
            "Authorization: Bearer ⟦a81bc81bdead4e5d⟧",
            "authorization: Basic ⟦dXNlcjpodW50ZXIy⟧\r\n",
            "curl -H \"Authorization: token ⟦a81bc81bdead4e5d⟧\" x",
            "headers = {\"Authorization\": \"Bearer ⟦a81bc81bdead4e5d⟧\"}",
            "\"Authorization\" => \"Basic ⟦dXNlcjpodW50ZXIy⟧\"",
            "req.headers['Authorization'] = 'Bearer ⟦a81bc81bdead4e5d⟧'",
        ],
    );
}

#[test]
fn passwords_in_urls_are_masked() {
    all_masked(
        "url-password",
        &[
            "postgres://app:⟦hunter2⟧@db:5432/app",
            "DATABASE_URL=mysql://app:⟦hunter2⟧@db/app",
            "\"mongodb+srv://app:⟦p%40ss⟧@cluster.example.net/x\"",
            "redis://:⟦hunter2⟧@cache:6379",
            "https://user:⟦a@b⟧@example.org/x",
            "amqp://user:⟦a/b#c⟧@example.org/x",
            "git clone https://x-access-token:⟦a81bc81bdead4e5d⟧@example.org/x.git",
            "https://⟦0123456789abcdef0123456789abcdef⟧@o1.example.org/1",
        ],
    );
}
