using System.Buffers.Binary;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Swan.Packages.Tests;

public sealed partial class PackageContentsTests(PackedRepository packed)
{
    public static TheoryData<string> Packages => [.. PackedRepository.Names];

    [Theory, MemberData(nameof(Packages))]
    public void A_package_holds_the_library_its_documentation_and_what_the_gallery_shows(string package)
    {
        Assert.Equal(
            [$"{package}.nuspec", "LICENSE", "README.md", "THIRD-PARTY-NOTICES.md",
                .. (package == "Swan.MLNet" ? ["buildTransitive/Swan.MLNet.props"] : Array.Empty<string>()), "icon.png",
                $"lib/net10.0/{package}.dll", $"lib/net10.0/{package}.xml"],
            packed.Files(package).OrderBy(f => f != $"{package}.nuspec").ThenBy(f => f, StringComparer.Ordinal));
        XElement metadata = packed.Metadata(package);
        Assert.Equal(package, metadata.Element("id")!.Value);
        Assert.Equal(packed.Version, metadata.Element("version")!.Value);
        Assert.Equal("README.md", metadata.Element("readme")!.Value);
        Assert.Equal("icon.png", metadata.Element("icon")!.Value);
        Assert.Equal(("expression", "MIT"), (metadata.Element("license")!.Attribute("type")!.Value, metadata.Element("license")!.Value));
        Assert.InRange(metadata.Element("description")!.Value.Length, 80, 4000);
        Assert.Contains("remote-sensing", metadata.Element("tags")!.Value.Split(' '));
        Assert.Equal(
            File.ReadAllText(Path.Combine(Repository.Root, "THIRD-PARTY-NOTICES.md")), packed.Text(package, "THIRD-PARTY-NOTICES.md"));
    }

    [Theory, MemberData(nameof(Packages))]
    public void The_icon_is_a_small_square_PNG(string package)
    {
        byte[] icon = packed.Read(package, "icon.png");
        Assert.InRange(icon.Length, 1000, 30_000);
        Assert.Equal("\u0089PNG"u8[^3..], icon.AsSpan(1, 3));
        Assert.Equal(
            (256, 256), (BinaryPrimitives.ReadInt32BigEndian(icon.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(icon.AsSpan(20))));
    }

    [Theory, MemberData(nameof(Packages))]
    public void The_readme_has_no_link_that_only_the_repository_could_follow(string package) =>
        Assert.DoesNotMatch(RelativeLink(), packed.Text(package, "README.md"));

    [Fact]
    public void Links_of_a_readme_lead_to_the_commit_when_the_clone_has_a_remote_and_nobodys_password_is_in_them()
    {
        using var folder = new TemporaryFolder();
        DotNet.Run(
            Repository.Root, null, "msbuild", Repository.Project("Swan.Batch"), "-t:WritePackageReadme",
            "-p:PrivateRepositoryUrl=https://user:token@github.com/swan/swan.git", "-p:SourceRevisionId=0123abc",
            $"-p:IntermediateOutputPath={folder.FullName}{Path.DirectorySeparatorChar}");
        string readme = File.ReadAllText(folder.File("package/README.md"));
        Assert.Contains("](https://github.com/swan/swan/blob/0123abc/docs/", readme, StringComparison.Ordinal);
        Assert.DoesNotContain("token", readme, StringComparison.Ordinal);
        Assert.DoesNotMatch(RelativeLink(), readme);
    }

    [Theory, MemberData(nameof(Packages))]
    public void The_library_runs_on_every_platform(string package)
    {
        using var reader = new PEReader(new MemoryStream(packed.Read(package, $"lib/net10.0/{package}.dll")));
        Assert.Equal(Machine.I386, reader.PEHeaders.CoffHeader.Machine);
        Assert.Equal(CorFlags.ILOnly, reader.PEHeaders.CorHeader!.Flags & (CorFlags.ILOnly | CorFlags.Requires32Bit));
    }

    [Theory, MemberData(nameof(Packages))]
    public void Packages_leave_the_choice_of_native_libraries_to_the_application(string package)
    {
        Dictionary<string, string> dependencies = packed.Dependencies(package);
        Assert.Contains("Microsoft.ML.OnnxRuntime.Managed", dependencies);
        Assert.DoesNotContain("Microsoft.ML.OnnxRuntime", dependencies);
        Assert.DoesNotContain("Microsoft.ML.OnnxRuntime.Gpu", dependencies);
        Assert.Equal(package == "Swan.Training" ? ["TorchSharp"] : [],
            dependencies.Keys.Where(id => id.Contains("torch", StringComparison.OrdinalIgnoreCase)));
        Assert.Equal("[2.88.9, 3.0.0)", dependencies["SkiaSharp"]);
        Assert.Equal("[5.0.1, 6.0.0)", dependencies["Microsoft.ML"]);
    }

    [Theory]
    [InlineData("Swan.Training")]
    [InlineData("Swan.Batch")]
    [InlineData("Swan.VectorData")]
    [InlineData("Swan.Geo")]
    public void A_package_takes_the_very_version_of_the_library_whose_internals_it_uses(string package) =>
        Assert.Equal($"[{packed.Version}]", packed.Dependencies(package)["Swan.MLNet"]);

    [Fact]
    public void The_package_of_object_stores_takes_the_very_version_of_the_one_whose_internals_it_uses() =>
        Assert.Equal($"[{packed.Version}]", packed.Dependencies("Swan.ObjectStores")["Swan.Batch"]);

    [Fact]
    public void The_readme_of_training_names_the_TorchSharp_that_the_package_was_built_with() =>
        Assert.Contains($"dotnet add package TorchSharp-cpu --version {packed.Dependencies("Swan.Training")["TorchSharp"]}\n",
            packed.Text("Swan.Training", "README.md"), StringComparison.Ordinal);

    [GeneratedRegex(@"\]\((?!https://)")]
    private static partial Regex RelativeLink();
}
