using System.Reflection;
using System.Xml.Linq;

namespace Swan.Testing;

/// <summary>What a library's documentation file says that users can see.</summary>
public static class DocumentationFile
{
    /// <summary>Checks that the file beside the library documents all public types, and no other ones.</summary>
    public static void HasPublicTypesOnly(Assembly library)
    {
        string path = Path.Combine(AppContext.BaseDirectory, $"{library.GetName().Name}.xml");
        string[] documented =
        [
            .. XDocument.Load(path).Descendants("member").Select(member => member.Attribute("name")!.Value)
                .Where(name => name.StartsWith("T:", StringComparison.Ordinal)).Select(name => name[2..]).Order(StringComparer.Ordinal),
        ];
        string[] exported = [.. library.GetExportedTypes().Select(type => type.FullName!.Replace('+', '.')).Order(StringComparer.Ordinal)];
        Assert.Equal(exported, documented);
    }

    /// <summary>The exceptions that the documentation of a method has; of several methods of the name, those that each has.</summary>
    public static string[] Exceptions(Type type, string method)
    {
        string path = Path.Combine(AppContext.BaseDirectory, $"{type.Assembly.GetName().Name}.xml"), member = $"M:{type.FullName}.{method}";
        return
        [
            .. XDocument.Load(path).Descendants("member")
                .Where(element => element.Attribute("name")!.Value is var name
                    && (name == member || name.StartsWith($"{member}(", StringComparison.Ordinal)))
                .Select(element => element.Elements("exception").Select(e => e.Attribute("cref")!.Value[2..].Split('.')[^1]))
                .Aggregate((all, more) => all.Intersect(more)),
        ];
    }

    /// <summary>Checks that every exception that a library adds derives from <see cref="Swan.MLNet.SwanException"/>.</summary>
    public static void ErrorsShareOneBase(Assembly library) => Assert.All(
        library.GetExportedTypes().Where(type => type.IsAssignableTo(typeof(Exception))),
        type => Assert.True(type.IsAssignableTo(typeof(Swan.MLNet.SwanException)), $"{type} does not derive from SwanException"));
}
