using Swan.Architecture.Tests.Sources;

namespace Swan.Architecture.Tests;

public sealed class ProjectsTests
{
    // One row a layer, the lowest first. A product uses only products of the rows before its own.
    private static readonly string[][] s_products = [["Swan.MLNet"], ["Swan.Training", "Swan.Batch", "Swan.VectorData", "Swan.Geo"],
        ["Swan.ObjectStores"], ["Swan.Cli"]];

    [Fact]
    public void Products_use_only_products_of_lower_layers()
    {
        IEnumerable<string> wrong =
            from product in Products
            from used in product.References
            where LayerOf(used) < 0 || LayerOf(used) >= LayerOf(product)
            select $"{product} references {used}.";

        Findings.AssertNone(wrong);
    }

    [Fact]
    public void Every_product_has_a_layer()
    {
        Assert.Equal(s_products.SelectMany(row => row).Order(), Products.Select(product => product.Name).Order());
    }

    [Fact]
    public void Samples_use_products_but_not_the_command_or_tests()
    {
        IEnumerable<string> wrong =
            from sample in SourceProject.All.Values
            where sample.Name.StartsWith("samples/", StringComparison.Ordinal)
            from used in sample.References
            where used.Name == "Swan.Cli" || used.Name.StartsWith("tests/", StringComparison.Ordinal)
            select $"{sample} references {used}.";

        Findings.AssertNone(wrong);
    }

    [Fact]
    public void Only_the_command_among_the_products_knows_System_CommandLine()
    {
        Assert.Equal(
            ["Swan.Cli"], Products.Where(product => product.Packages.Contains("System.CommandLine")).Select(product => product.Name));
    }

    private static IEnumerable<SourceProject> Products =>
        SourceProject.All.Values.Where(project => !project.Name.Contains('/', StringComparison.Ordinal));

    private static int LayerOf(SourceProject project) => Array.FindIndex(s_products, row => row.Contains(project.Name));
}
