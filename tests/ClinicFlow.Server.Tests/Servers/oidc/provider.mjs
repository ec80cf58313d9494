// A real OpenID provider on loopback, at a free port. It says on standard output where it is, and ends when its standard
// input does. Tokens are got by client credentials, for the audience that the parameter "resource" names; the client's id
// says what the token is like: "nurse", "operator" and "administrator" have that role, the tokens of "late" are over, those of
// "nameless" do not say whose they are. Further clients are given as arguments.
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const clients = ['nurse', 'operator', 'administrator', 'late', 'nameless', ...process.argv.slice(2)];

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: clients.map((id) => ({
      client_id: id, client_secret: 'secret', grant_types: ['client_credentials'], redirect_uris: [], response_types: [],
    })),
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (context, resource) => ({
          audience: resource, scope: '', accessTokenTTL: 600, accessTokenFormat: 'jwt', jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
    extraTokenClaims: (context, token) => ({ preferred_username: `${token.clientId} of the clinic`, roles: [token.clientId, 'staff'] }),
    formats: {
      customizers: {
        jwt(context, token, jwt) {
          if (token.clientId === 'late') {
            jwt.payload.iat -= 7200;
            jwt.payload.exp = jwt.payload.iat + 600;
          }
          if (token.clientId === 'nameless') {
            delete jwt.payload.sub;
          }
          return jwt;
        },
      },
    },
  });
  server.on('request', provider.callback());
  console.log(issuer);
});

process.stdin.resume().on('end', () => process.exit());
