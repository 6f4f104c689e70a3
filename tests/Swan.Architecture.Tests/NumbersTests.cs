using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Swan.Architecture.Tests.Sources;

namespace Swan.Architecture.Tests;

/// <summary>Numbers are read alike under every culture; of what .NET itself offers, analyzers check that (CA1304, CA1305).</summary>
public sealed class NumbersTests
{
    // System.CommandLine reads these by the current culture, and skips separators of thousands.
    private static readonly string[] s_numbers =
        ["byte", "short", "int", "uint", "long", "ulong", "float", "double", "decimal", "Half", "TimeSpan", "DateTime", "DateTimeOffset"];

    [Fact]
    public void Options_with_numbers_are_NumberOptions()
    {
        IEnumerable<string> wrong =
            from file in RepositoryFiles.Sources
            let text = File.ReadAllText(file)
            where text.Contains("using System.CommandLine", StringComparison.Ordinal)
            from created in CSharpSyntaxTree.ParseText(text, path: file).GetRoot().DescendantNodes()
                .OfType<BaseObjectCreationExpressionSyntax>()
            where TypeOf(created) is GenericNameSyntax { Identifier.Text: "Option" or "Argument" } type
                && s_numbers.Contains(type.TypeArgumentList.Arguments[0].ToString().TrimEnd('?', '[', ']'))
                && type.TypeArgumentList.Arguments[0].ToString() != "int[]"
                // Or its own parser, whose calls the analyzers look at.
                && created.Initializer?.Expressions.OfType<AssignmentExpressionSyntax>()
                    .Any(set => set.Left.ToString() == "CustomParser") != true
            select $"{RepositoryFiles.Relative(file)} makes a {TypeOf(created)}. Make a NumberOption, or an OptionalNumberOption.";

        Findings.AssertNone(wrong);
    }

    [Fact]
    public void Analyzers_look_for_numbers_that_depend_on_the_culture()
    {
        string rules = File.ReadAllText(Path.Combine(Repository.Root, ".editorconfig"));
        foreach (string rule in (string[])["CA1304", "CA1305"])
            Assert.Contains($"dotnet_diagnostic.{rule}.severity = warning", rules, StringComparison.Ordinal);
        // The property would switch them off.
        Assert.DoesNotContain("<InvariantGlobalization>", File.ReadAllText(Path.Combine(Repository.Root, "Directory.Build.props")),
            StringComparison.Ordinal);
    }

    // What is created; of a bare new(…), what the variable before it is declared as.
    private static TypeSyntax? TypeOf(BaseObjectCreationExpressionSyntax created) => created is ObjectCreationExpressionSyntax named
        ? named.Type
        : created.Ancestors().Select(node => node switch
        {
            VariableDeclarationSyntax variable => variable.Type,
            PropertyDeclarationSyntax property => property.Type,
            MethodDeclarationSyntax method => method.ReturnType,
            _ => null,
        }).FirstOrDefault(found => found is not null);
}
