//! What is turned away, and what is not.

use super::*;

/// Everything that should lead nowhere, however it is spelled.
const FORBIDDEN: &[&str] = &[
    // Not https, or not a URL.
    "",
    "acme.example/hooks",
    "//acme.example",
    "http://acme.example/",
    "ftp://acme.example/",
    "file:///etc/passwd",
    "gopher://acme.example/",
    "javascript:alert(1)",
    "data:text/plain,a",
    "dict://acme.example:11211/",
    "ldap://acme.example",
    "jar:https://acme.example!/",
    "https://",
    "https:///",
    "https://:443/",
    "https:// acme.example/",
    "https://acme example/",
    "HTTP://acme.example/",
    "ws://acme.example/",
    "unix:/run/docker.sock",
    // Names and passwords, fragments.
    "https://me@acme.example/",
    "https://me:pw@acme.example/",
    "https://:pw@acme.example/",
    "https://acme.example@127.0.0.1/",
    "https://127.0.0.1@acme.example/",
    "https://acme.example:443@10.0.0.1/",
    "https://acme.example/#a",
    // Ports.
    "https://acme.example:22/",
    "https://acme.example:25/",
    "https://acme.example:0/",
    "https://acme.example:6379/",
    "https://acme.example:5432/",
    "https://acme.example:8080/",
    "https://acme.example:65535/",
    "https://acme.example:99999/",
    // Loopback and this host.
    "https://localhost/",
    "https://LOCALHOST/",
    "https://localhost./",
    "https://a.localhost/",
    "https://localhost.localdomain/",
    "https://ip6-localhost/",
    "https://127.0.0.1/",
    "https://127.0.0.1./",
    "https://127.1/",
    "https://127.0.1/",
    "https://127.255.255.255/",
    "https://0.0.0.0/",
    "https://0/",
    "https://0x0/",
    "https://[::]/",
    "https://[::1]/",
    "https://[0:0:0:0:0:0:0:1]/",
    "https://[0000::1]/",
    // The same in other spellings.
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0x7f.0.0.1/",
    "https://0x7f.1/",
    "https://017700000001/",
    "https://0177.0.0.1/",
    "https://0177.0.0.01/",
    "https://127.0.0.0x1/",
    "https://%31%32%37.0.0.1/",
    "https://127%2e0%2e0%2e1/",
    "https://①②⑦.⓪.⓪.①/",
    "https://１２７.0.0.1/",
    "https://127。0。0。1/",
    "https://ⓛocalhost/",
    // Private networks.
    "https://10.0.0.1/",
    "https://10.255.255.255/",
    "https://172.16.0.1/",
    "https://172.31.255.255/",
    "https://192.168.0.1/",
    "https://192.168.255.255/",
    "https://167772161/",
    "https://0xa000001/",
    "https://0xc0a80001/",
    "https://3232235521/",
    "https://012.0.0.1/",
    "https://192.168.1/",
    "https://10.1/",
    // Link-local and the metadata of clouds.
    "https://169.254.169.254/latest/meta-data/",
    "https://169.254.0.1/",
    "https://2852039166/",
    "https://0xa9fea9fe/",
    "https://0251.0376.0251.0376/",
    "https://[fe80::1]/",
    "https://[::ffff:169.254.169.254]/",
    "https://[::ffff:a9fe:a9fe]/",
    "https://[64:ff9b::a9fe:a9fe]/",
    "https://[fd00:ec2::254]/",
    "https://metadata/",
    "https://metadata.google.internal/",
    "https://instance-data/",
    "https://a.internal/",
    // Other networks that are not public.
    "https://100.64.0.1/",
    "https://100.127.255.255/",
    "https://192.0.0.1/",
    "https://192.0.2.1/",
    "https://192.88.99.1/",
    "https://198.18.0.1/",
    "https://198.19.255.255/",
    "https://198.51.100.1/",
    "https://203.0.113.1/",
    "https://224.0.0.1/",
    "https://239.0.0.1/",
    "https://240.0.0.1/",
    "https://255.255.255.255/",
    "https://0.1.2.3/",
    // IPv6 that is not public, or stands for IPv4.
    "https://[fc00::1]/",
    "https://[fd12:3456:789a::1]/",
    "https://[ff02::1]/",
    "https://[2001:db8::1]/",
    "https://[2001::1]/",
    "https://[2002:7f00:1::]/",
    "https://[2002:a00:1::]/",
    "https://[3fff::1]/",
    "https://[100::1]/",
    "https://[::127.0.0.1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[::ffff:10.0.0.1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[64:ff9b:1::1]/",
    "https://[5f00::1]/",
    "https://[fec0::1]/",
    "https://[4000::1]/",
    // Names that never lead outside.
    "https://intranet/",
    "https://gitlab/",
    "https://wiki.corp/",
    "https://printer.local/",
    "https://nas.lan/",
    "https://router.home/",
    "https://a.home.arpa/",
    "https://db.localdomain/",
    "https://kubernetes.default.svc.cluster.local/",
    "https://host.docker.internal/",
];

#[test]
fn what_leads_inside_is_turned_away_however_it_is_spelled() {
    assert!(FORBIDDEN.len() >= 120, "{}", FORBIDDEN.len());
    for url in FORBIDDEN {
        assert!(Guard::Public.parse(url).is_err(), "{url} was let through");
    }
}

#[test]
fn what_is_public_is_let_through() {
    for url in [
        "https://acme.example/hooks?a=b",
        "https://hooks.acme.example:8443/",
        "https://acme.example:80/",
        "https://93.184.215.14/",
        "https://172.15.255.255/",
        "https://172.32.0.1/",
        "https://100.128.0.1/",
        "https://[2606:4700::1111]/",
        "https://[::ffff:93.184.215.14]/",
        "https://bücher.example/",
    ] {
        assert!(Guard::Public.parse(url).is_ok(), "{url}: {:?}", Guard::Public.parse(url));
    }
}

#[test]
fn a_demonstration_may_call_its_own_machine() {
    assert!(Guard::Anything.parse("http://127.0.0.1:4000/hooks").is_ok());
    assert!(Guard::Anything.parse("http://me:pw@127.0.0.1/").is_err());
}

#[tokio::test]
async fn a_name_that_leads_inside_is_not_dialled() {
    use reqwest::dns::Resolve as _;
    // `localhost` stands for any name whose owner lets it lead inside after
    // its text was checked.
    let name = || "localhost".parse().unwrap();
    assert!(GuardedResolver::new(Guard::Public).resolve(name()).await.is_err());
    assert!(GuardedResolver::new(Guard::Anything).resolve(name()).await.is_ok());
}
