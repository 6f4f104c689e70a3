using System.Text.Json.Nodes;

namespace Swan.Cli.Tests.Commands;

/// <summary><c>swan doctor</c> on the machine of the tests, which has all that swan needs.</summary>
public sealed class DoctorCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_libtorch_that_can_not_be_loaded_is_a_problem()
    {
        File.WriteAllText(_folder.File("libtorch_cpu.so"), "no library");
        var fake = new Dictionary<string, string> { ["SWAN_LIBTORCH"] = _folder.FullName };
        (int code, string output, string errors) = await SwanProcess.Run(fake, "doctor", "--json");
        Assert.True(code == 1, errors);
        JsonNode check = Assert.Single(JsonNode.Parse(output)!["checks"]!.AsArray(), c => (string?)c!["name"] == "libtorch")!;
        Assert.Equal("problem", (string?)check["state"]);
        Assert.Contains(_folder.FullName, (string?)check["fix"], StringComparison.Ordinal);
        (code, output, errors) = await SwanProcess.Run(fake, "--version");
        Assert.True(code == 0, errors);
        Assert.EndsWith("\nlibtorch: can't be loaded, see 'swan doctor'\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everything_works_and_each_native_library_is_named_with_its_file()
    {
        (int code, string output, string errors) = await SwanProcess.Run("doctor", "--json");
        Assert.True(code == 0, output + errors);
        JsonNode diagnosis = JsonNode.Parse(output)!;
        Assert.True(diagnosis["ok"]!.GetValue<bool>());
        Dictionary<string, JsonNode> checks = diagnosis["checks"]!.AsArray().ToDictionary(c => c!["name"]!.GetValue<string>(), c => c!);
        Assert.Equal(["ONNX Runtime", "SkiaSharp", "libtorch", "GPU", "cores", "memory", "self-test", "convolution"], checks.Keys);
        foreach (string library in (string[])["ONNX Runtime", "SkiaSharp", "libtorch"])
            Assert.True(File.Exists(checks[library]["text"]!.GetValue<string>().Split(" from ")[1]), library);
        Assert.Contains("embedded an image and 3 captions", checks["self-test"]["text"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.All(checks.Values, check => Assert.Equal(check["state"]!.GetValue<string>() != "ok", check["fix"] is not null));
    }

    [Fact]
    public async Task Without_libtorch_the_fix_is_named_and_the_rest_is_tested()
    {
        var elsewhere = new Dictionary<string, string> { ["SWAN_LIBTORCH"] = "/nowhere" };
        (int code, string output, _) = await SwanProcess.Run(elsewhere, "doctor");
        Assert.Equal(0, code);
        Assert.Matches(@"(?m)^note +libtorch +not found: train, export and card do not work", output);
        Assert.Matches(@"(?m)^ +Fix: SWAN_LIBTORCH is '/nowhere', which has no ", output);
        Assert.Matches(@"(?m)^ok +self-test ", output);
        Assert.DoesNotContain("convolution", output, StringComparison.Ordinal);
    }
}
