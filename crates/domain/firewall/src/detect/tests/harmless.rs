//! What must stay as it is.

use super::reviewed;

#[test]
fn these_texts_stay_as_they_are() {
    #[rustfmt::skip]
    let rows = [
        // Names of secrets, not their values.
        "password = process.env.DB_PASSWORD", "api_key = os.environ['API_KEY']", "token = get_token()",
        "const token = response.data.token;", "password: user.password,", "let secret = self.secret.clone();",
        "password=password)", "password=db_password,", "token := r.Header.Get(\"X-Auth-Token\")",
        "password = getenv(\"DB_PASSWORD\")", "secret = Secret::new(config.secret)", "token = tokens[0]",
        "password: params[:password]", "token = $token;", "password = @password", "password: userPassword",
        "process.env.GITHUB_TOKEN", "${{ secrets.GITHUB_TOKEN }}", "token: ${{ secrets.GITHUB_TOKEN }}",
        "github-token: ${{ secrets.GITHUB_TOKEN }}", "password: \"{{ db_password }}\"", "password: ${DB_PASSWORD}",
        "PASSWORD=$DB_PASSWORD", "PASSWORD=\"$DB_PASSWORD\"", "PASSWORD=$(cat /run/secrets/db)", "PASSWORD=`cat x`",
        "password: !vault |", "password: *default", "Authorization: `Bearer ${token}`",
        "\"Authorization\": \"Bearer \" + token", "headers[\"Authorization\"] = f\"Bearer {token}\"",
        "Authorization: Bearer <token>", "Authorization: Bearer $TOKEN", "-H \"Authorization: Bearer ${TOKEN}\"",
        "docker run -u 1000:1000 alpine", "curl x\ndocker run -u me:staff x",
        "curl -u me:$PASSWORD x", "curl -u \"${USER}:${PASSWORD}\" x", "curl -u me x", "curl --user-agent a:b x",
        "curl x\nchown -u me:staff y", "scurry -u me:xxxx",
        // Types and states.
        "password: string;", "password: String,", "password: &str", "token: Option<String>,", "password: str",
        "password: str | None = None", "  password: string", "token?: string", "secret: Vec<u8>", "token: null,",
        "\"password\": null", "password = None", "password = True", "\"password\": \"string\"", "passwords: true",
        "password: SecretString", "fn token(&self) -> Token", "Token::new(kind)", "match token { Token::Comma => {}",
        "pub struct Token(String);", "PasswordHash::new(text)",
        // Placeholders.
        "password=", "password: \"\"", "password = ''", "token = \"<your-token>\"", "API_KEY=your_api_key",
        "api_key: YOUR_API_KEY", "password: ********", "password=xxxxxxxx", "secret: \"...\"", "token=<token>",
        "password: '%s'", "\"password\": \"%(password)s\"", "token: \"{token}\"", "password=%DB_PASSWORD%",
        "api_key=insert_here", "postgres://user:${PASSWORD}@db/x", "postgres://user:<password>@db/x",
        "https://user:xxxx@example.org/", "TOKEN=ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        // Prose and forms.
        "Let the token expire, then ask for a password.", "Password: the password of the user",
        "password: \"Enter your password\"", "\"password\": \"Your password is wrong\"", "<label>Password:</label>",
        "<input type=\"password\" name=\"pwd\">", "<label for=\"password\">Password</label>", "The secret: be patient.",
        "Token: a word or a sign", "Fix the auth: it was broken", "secretary = \"Miss Moneypenny\"", "passing = 12345678",
        "bypass = \"always1234\"", "author = \"somebody12345678\"", "compass: \"north1234\"",
        // Parsers, models and machines.
        "max_tokens: 4096", "token_type: \"bearer12\"", "tokenizer = \"gpt2-medium-12\"", "token: \"Identifier\"",
        "token = \"STRING_LITERAL\"", "eos_token = \"</s>\"", "pad_token=\"<pad>\"", "token_count = 123456789012",
        "secretName: my-app-secret-12345", "secretKeyRef:\n  name: db-12345678", "secret: my-app-secret",
        "PASSWORD_FILE=/run/secrets/db-12345", "password: /run/secrets/db_password", "token_url = \"https://a.example/1234\"",
        "password_length = 12345678", "tokenExpiresAt: \"2026-11-22T09:30:00Z\"", "primary_key = \"user_id_12345\"",
        "key: \"value12345678\"", "public_key = \"AAAAB3NzaC1yc2E12\"", "sort_key: abcdefgh1234", "auth: \"basic\"",
        "apiKey: \"apiKeyAuth\"", "type: apiKey", "stripe_key = \"pk_live_A1b2C3d4E5f6G7h8\"",
        // Hashes, ids and lock files.
        "a81bc81b-dead-4e5d-abff-90865d1e13b1", "da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "checksum = \"8d1b5a3a9c1f0e2d4b6a7988c0ffee00112233445566778899aabbccddeeff00\"",
        "\"integrity\": \"sha512-v2kDEe57lecTulaDIuNTPy3Ry4gLGJ6Z1O3vE1krgXZNrsQ+LFTGHVxVjcXPs17LhbZVGedAJv8XZ1tvj5FvSg==\"",
        "index 83db48f..bf269f4 100644", "\"jsonwebtoken\": \"^8.5.1\"", "password-hash = \"0.5.0\"", "\"passport\": \"^0.7.0-beta.12\"",
        "js-tokens: \"^3.0.0 || ^4.0.0\"", "secrecy = \"0.10.3\"", "resolved \"https://registry.example.org/x/-/x-1.0.tgz#0123\"",
        // Addresses.
        "https://example.org:8080/a@b", "http://localhost:3000", "git@example.org:group/name.git", "user@example.org",
        "https://user@example.org/", "see https://example.org/a:b@c", "ssh://git@example.org:22/x",
        // Shapes that are words.
        "disk-proj-A1b2C3d4E5f6G7h8I9j0K1l2", "risk-management", "sk-proj-management-dashboard-of-people", "AKIA", "npm_config_registry",
        "hf_hub_download", "task_test_helperFunction1234567", "hvs.", "SG.", "eyJhbGciOiJIUzI1NiJ9", "eyJhIjoxfQ.x",
        "xoxb-", "key-0123", "whsec_", "github_pat_", "SKeleton", "AIzaSy",
        // Public armour.
        "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE8xOUetsCa8EfOlDEBAfREhJqspDo\nyEh6Szz2in47Tv5n52m9dLYyPCbqZkOB5nTSqtscpkQD/HpykCggvx09iQ==\n-----END PUBLIC KEY-----",
        "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUJ0VENDQVZ1Z0F3SUJBZ0lVQ",
    ];
    let wrong: Vec<String> = rows
        .iter()
        .flat_map(|row| [(*row).to_owned(), format!("+{row}\n"), format!(" {row}\r\n+x = 1;\r\n")])
        .filter(|row| reviewed(row) != *row)
        .map(|row| format!("\n  {row:?}\n  {:?}", reviewed(&row)))
        .collect();
    assert!(wrong.is_empty(), "{} rows were changed:{}", wrong.len(), wrong.concat());
}
