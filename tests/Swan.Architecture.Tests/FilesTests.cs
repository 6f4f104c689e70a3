using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Swan.Architecture.Tests.Sources;

namespace Swan.Architecture.Tests;

public sealed class FilesTests
{
    private const int MaxFiles = 15, MaxColumns = 140;

    [Fact]
    public void A_folder_holds_at_most_15_source_files()
    {
        IEnumerable<string> crowded =
            from file in RepositoryFiles.Sources
            group file by Path.GetDirectoryName(file) into folder
            where folder.Count() > MaxFiles
            select $"{RepositoryFiles.Relative(folder.Key!)} holds {folder.Count()} source files. Divide it into drawers.";

        Findings.AssertNone(crowded);
    }

    [Fact]
    public void A_file_holds_one_public_type_and_has_its_name()
    {
        IEnumerable<string> wrong =
            from file in RepositoryFiles.Sources
            let name = Path.GetFileName(file).Split('.')[0]
            let types = PublicTypes(file)
            where types.Length > 1 || types.Length == 1 && types[0] != name
            select $"{RepositoryFiles.Relative(file)} declares the public {string.Join(", ", types)}. Give each type a file with its name.";

        Findings.AssertNone(wrong);
    }

    [Fact]
    public void Lines_have_at_most_140_characters()
    {
        IEnumerable<string> wide =
            from file in RepositoryFiles.Sources
            from line in File.ReadLines(file).Select((text, index) => (text.Length, Number: index + 1))
            where line.Length > MaxColumns
            select $"{RepositoryFiles.Relative(file)}:{line.Number} has {line.Length} characters.";

        Findings.AssertNone(wide);
    }

    private static string[] PublicTypes(string file) =>
        [.. CSharpSyntaxTree.ParseText(File.ReadAllText(file)).GetRoot()
            .DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
            .OfType<MemberDeclarationSyntax>()
            .Where(member => member.Modifiers.Any(SyntaxKind.PublicKeyword))
            .Select(member => member is BaseTypeDeclarationSyntax type
                ? type.Identifier.Text
                : (member as DelegateDeclarationSyntax)?.Identifier.Text)
            .OfType<string>()
            .Distinct()];
}
