"""What checks and runs find: a code with arguments, and one declaration of what each code says.

Marts and files carry the code. The command line says it in English, the pages translate it.
"""
