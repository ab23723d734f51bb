"""What leaves a class on paper or as a file: the class report (PDF, XLSX) and a learner's own result sheet (PDF).

Needs the extra ``report`` (fpdf2, openpyxl); modules are imported when somebody asks for a file, and say what to
install when it is not there.
"""
