using System.Runtime.CompilerServices;

namespace Swan.ObjectStores.Tests.Servers;

/// <summary>What AWS's own chain finds in this process: s3rver's keys, and no other machine to ask.</summary>
internal static class TestCredentials
{
    [ModuleInitializer]
    public static void Set()
    {
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", S3Server.Key);
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", S3Server.Key);
        Environment.SetEnvironmentVariable("AWS_EC2_METADATA_DISABLED", "true");
        foreach (string name in (string[])["AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"])
            Environment.SetEnvironmentVariable(name, null);
    }
}
