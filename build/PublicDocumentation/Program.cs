using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

// Removes what users can't see from a library's documentation file: the compiler writes internal and private members into it too.
// Methods are told apart by name and number of parameters.
if (args is not [string assembly, string documentation])
{
    Console.Error.WriteLine("usage: public-documentation ASSEMBLY.dll DOCUMENTATION.xml");
    return 2;
}

HashSet<string> visible = [];
using (var pe = new PEReader(new MemoryStream(File.ReadAllBytes(assembly))))
{
    MetadataReader metadata = pe.GetMetadataReader();
    foreach (TypeDefinitionHandle handle in metadata.TypeDefinitions)
    {
        if (IsVisible(metadata, handle)) AddMembers(metadata, handle);
    }
}

var document = XDocument.Load(documentation, LoadOptions.PreserveWhitespace);
foreach (XElement member in document.Descendants("member").ToArray())
{
    if (visible.Contains(Key(member.Attribute("name")!.Value))) continue;
    // With the line break before it.
    if (member.PreviousNode is XText { Value: var text } blank && string.IsNullOrWhiteSpace(text)) blank.Remove();
    member.Remove();
}
document.Save(documentation, SaveOptions.DisableFormatting);
return 0;

static bool IsVisible(MetadataReader metadata, TypeDefinitionHandle handle)
{
    TypeDefinition type = metadata.GetTypeDefinition(handle);
    return (type.Attributes & TypeAttributes.VisibilityMask) switch
    {
        TypeAttributes.Public => true,
        TypeAttributes.NestedPublic or TypeAttributes.NestedFamily or TypeAttributes.NestedFamORAssem =>
            IsVisible(metadata, type.GetDeclaringType()),
        _ => false,
    };
}

void AddMembers(MetadataReader metadata, TypeDefinitionHandle handle)
{
    TypeDefinition type = metadata.GetTypeDefinition(handle);
    string name = FullName(metadata, handle);
    visible.Add($"T:{name}");
    HashSet<MethodDefinitionHandle> methods =
        [.. type.GetMethods().Where(m => IsAccessible(metadata.GetMethodDefinition(m).Attributes & MethodAttributes.MemberAccessMask))];
    foreach (MethodDefinition method in methods.Select(metadata.GetMethodDefinition))
    {
        BlobReader signature = metadata.GetBlobReader(method.Signature);
        if (signature.ReadSignatureHeader().IsGeneric) signature.ReadCompressedInteger();
        visible.Add($"M:{name}.{metadata.GetString(method.Name).Replace('.', '#')}/{signature.ReadCompressedInteger()}");
    }
    foreach (PropertyDefinition property in type.GetProperties().Select(metadata.GetPropertyDefinition))
    {
        PropertyAccessors accessors = property.GetAccessors();
        if (methods.Contains(accessors.Getter) || methods.Contains(accessors.Setter))
            visible.Add($"P:{name}.{metadata.GetString(property.Name)}");
    }
    foreach (EventDefinition happening in type.GetEvents().Select(metadata.GetEventDefinition))
    {
        if (methods.Contains(happening.GetAccessors().Adder)) visible.Add($"E:{name}.{metadata.GetString(happening.Name)}");
    }
    foreach (FieldDefinition field in type.GetFields().Select(metadata.GetFieldDefinition))
    {
        if (IsAccessible((MethodAttributes)(field.Attributes & FieldAttributes.FieldAccessMask)))
            visible.Add($"F:{name}.{metadata.GetString(field.Name)}");
    }
}

// Methods and fields number their accessibilities alike.
static bool IsAccessible(MethodAttributes access) =>
    access is MethodAttributes.Public or MethodAttributes.Family or MethodAttributes.FamORAssem;

static string FullName(MetadataReader metadata, TypeDefinitionHandle handle)
{
    TypeDefinition type = metadata.GetTypeDefinition(handle);
    string name = metadata.GetString(type.Name);
    return type.GetDeclaringType() is { IsNil: false } outer ? $"{FullName(metadata, outer)}.{name}"
        : type.Namespace.IsNil ? name : $"{metadata.GetString(type.Namespace)}.{name}";
}

// M:Name.Space.Type.Method``1(A,B{C,D}) → M:Name.Space.Type.Method/2
static string Key(string id)
{
    string[] parts = id.Split('~')[0].Split('(', 2);
    string name = parts[0];
    if (!id.StartsWith("M:", StringComparison.Ordinal)) return name;
    int arity = name.IndexOf("``", StringComparison.Ordinal), depth = 0;
    return $"{(arity < 0 ? name : name[..arity])}/{(parts.Length == 1 ? 0 : 1 + parts[1].Count(Separates))}";

    bool Separates(char c)
    {
        if (c is '{' or '[' or '(') depth++;
        if (c is '}' or ']' or ')') depth--;
        return c == ',' && depth == 0;
    }
}
